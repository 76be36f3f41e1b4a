using System;
using System.Text;

namespace KeyManager;

/// <summary>Writes PEM text (RFC 7468).</summary>
public static class Pem
{
    private const int LineLength = 64;

    /// <summary>One block, lines of 64 characters, line feeds only.</summary>
    /// <param name="label">What it holds, for example "CERTIFICATE".</param>
    /// <param name="der">Its content.</param>
    public static string Encode(string label, byte[] der)
    {
        string base64 = Convert.ToBase64String(Guard.NotNull(der));
        StringBuilder text = new(base64.Length + (base64.Length / LineLength) + (2 * label.Length) + 40);
        text.Append("-----BEGIN ").Append(label).Append("-----\n");
        for (int i = 0; i < base64.Length; i += LineLength)
        {
            text.Append(base64, i, Math.Min(LineLength, base64.Length - i)).Append('\n');
        }

        return text.Append("-----END ").Append(label).Append("-----\n").ToString();
    }
}
