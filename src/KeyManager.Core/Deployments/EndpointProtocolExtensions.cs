using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Deployments;

/// <summary>Which protocol is usual on which port, and how it is written in front of a host.</summary>
public static class EndpointProtocolExtensions
{
    private const int Https = 443;

    private static readonly (EndpointProtocol Protocol, string Scheme, int[] Ports)[] Known =
    [
        (EndpointProtocol.Smtp, "smtp", [25, 587]),
        (EndpointProtocol.Imap, "imap", [143]),
        (EndpointProtocol.Pop3, "pop3", [110]),
        (EndpointProtocol.Ldap, "ldap", [389]),
        (EndpointProtocol.Postgres, "postgres", [5432]),
        (EndpointProtocol.Ftp, "ftp", [21]),
        (EndpointProtocol.Xmpp, "xmpp", [5222]),
        (EndpointProtocol.XmppServer, "xmpp-server", [5269]),
        (EndpointProtocol.Tls, "tls", [Https]),
    ];

    // What begins with TLS at once, by the words that people use for it.
    private static readonly Dictionary<string, int> TlsSchemes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["tls"] = Https, ["https"] = Https, ["smtps"] = 465, ["ldaps"] = 636, ["ftps"] = 990, ["imaps"] = 993, ["pop3s"] = 995,
    };

    /// <summary>The words that may stand in front of "://".</summary>
    public static IReadOnlyList<string> Schemes { get; } = [.. Known.Select(k => k.Scheme).Concat(TlsSchemes.Keys).Distinct()];

    /// <summary>The protocol that is usual on a port; TLS at once where none is known.</summary>
    public static EndpointProtocol OfPort(int port) => Known.FirstOrDefault(k => k.Ports.Contains(port)).Protocol;

    /// <summary>The port that is usual for a protocol.</summary>
    public static int DefaultPort(this EndpointProtocol protocol) => Known.First(k => k.Protocol == protocol).Ports[0];

    /// <summary>How it is written in front of a host, such as "smtp".</summary>
    public static string Scheme(this EndpointProtocol protocol) => Known.First(k => k.Protocol == protocol).Scheme;

    /// <summary>Reads such a word, with the port that goes with it; false when it is none.</summary>
    public static bool TryParseScheme(string scheme, out EndpointProtocol protocol, out int port)
    {
        if (TlsSchemes.TryGetValue(scheme, out port))
        {
            protocol = EndpointProtocol.Tls;
            return true;
        }

        (EndpointProtocol Protocol, string Scheme, int[] Ports) known = Known.FirstOrDefault(k => string.Equals(k.Scheme, scheme, StringComparison.OrdinalIgnoreCase));
        protocol = known.Protocol;
        port = known.Ports?[0] ?? 0;
        return known.Scheme is not null;
    }
}
