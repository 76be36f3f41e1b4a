using System.IO;

namespace KeyManager.Providers.Deployments.Probing;

/// <summary>A server ended the handshake with an alert (RFC 5246 §7.2).</summary>
internal sealed class TlsAlertException(byte description) : IOException($"the server refused the handshake ({NameOf(description)})")
{
    private static string NameOf(byte description) => description switch
    {
        40 => "handshake_failure",
        47 => "illegal_parameter",
        50 => "decode_error",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        112 => "unrecognized_name",
        _ => "alert " + description.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
