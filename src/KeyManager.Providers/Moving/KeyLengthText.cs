using System;
using System.Globalization;

namespace KeyManager.Providers.Moving;

/// <summary>Kinds of key as acme.sh and Posh-ACME write them: "ec-256", "2048".</summary>
internal static class KeyLengthText
{
    private const string Curve = "ec-";

    /// <summary>The kind; <c>null</c> for one that is not made here.</summary>
    public static KeySpec? Parse(string? text)
    {
        bool isEc = text?.StartsWith(Curve, StringComparison.OrdinalIgnoreCase) == true;
        return int.TryParse(isEc ? text!.Substring(Curve.Length) : text, NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            ? KeySpec.Find(isEc ? KeyAlgorithm.Ecdsa : KeyAlgorithm.Rsa, length)
            : null;
    }
}
