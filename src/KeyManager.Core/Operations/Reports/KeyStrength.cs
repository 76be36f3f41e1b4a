using System;
using System.Globalization;

namespace KeyManager.Operations;

/// <summary>How strong a key and a signature are, from their descriptions.</summary>
internal static class KeyStrength
{
    public const string Weak = "Weak";
    public const string Sufficient = "Sufficient";
    public const string Strong = "Strong";
    public const string Unknown = "Unknown";

    /// <summary>The word, its tone, and the reason where there is one to give.</summary>
    public static (string Word, ReportTone Tone, string? Reason) Judge(string key, string signature)
    {
        string[] words = key.Split(' ');
        int bits = words.Length == 2 && int.TryParse(words[1].TrimStart('P', '-'), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
        string? weak = Has(signature, "MD5") || Has(signature, "MD2") ? $"{signature} can be forged"
            : Has(signature, "SHA1with") || Has(signature, "SHA-1") ? $"{signature} can be forged"
            : words[0] == "RSA" && bits is > 0 and < 2048 ? $"{key} can be broken"
            : words[0] == "DSA" ? "DSA is no longer trusted"
            : words[0] == "ECDSA" && bits is > 0 and < 256 ? $"{key} is too short"
            : null;
        return weak is not null ? (Weak, ReportTone.Bad, weak)
            : words[0] switch
            {
                "RSA" when bits >= 3072 => (Strong, ReportTone.Good, null),
                "RSA" when bits >= 2048 => (Sufficient, ReportTone.Neutral, null),
                "ECDSA" when bits >= 256 => (Strong, ReportTone.Good, null),
                "Ed25519" or "Ed448" => (Strong, ReportTone.Good, null),
                _ => (Unknown, ReportTone.Warning, $"{key} is not known here"),
            };
    }

    private static bool Has(string text, string word) => text.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
}
