using System.Collections.Generic;
using System.Linq;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing.Dialects;

/// <summary>The protocols that ask for TLS.</summary>
internal static class DialectList
{
    private static readonly IReadOnlyList<IDialect> All =
    [
        new SmtpDialect(), new ImapDialect(), new Pop3Dialect(), new PostgresDialect(), new LdapDialect(), new FtpDialect(),
        new XmppDialect(EndpointProtocol.Xmpp), new XmppDialect(EndpointProtocol.XmppServer),
    ];

    /// <summary>The dialect of a protocol; <c>null</c> when TLS begins at once.</summary>
    public static IDialect? Find(EndpointProtocol protocol) => All.FirstOrDefault(d => d.Protocol == protocol);
}
