using System;
using System.Security;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing.Dialects;

/// <summary>XMPP (RFC 6120 §5.4): a stream is opened to the name of the server, which offers STARTTLS.</summary>
internal sealed class XmppDialect(EndpointProtocol protocol) : IDialect
{
    public EndpointProtocol Protocol => protocol;

    public async Task RunAsync(PlainStream plain, string host, CancellationToken cancellationToken)
    {
        string space = protocol == EndpointProtocol.XmppServer ? "jabber:server" : "jabber:client";
        await plain.WriteLineAsync(
            $"<?xml version='1.0'?><stream:stream to='{SecurityElement.Escape(host)}' version='1.0' xmlns='{space}' xmlns:stream='http://etherx.jabber.org/streams'>", cancellationToken).ConfigureAwait(false);
        string features = await plain.ReadUntilAsync(
            said => EndsWith(said, "</stream:features>") || EndsWith(said, "</features>") || EndsWith(said, "</stream:error>") || EndsWith(said, "</stream:stream>"), cancellationToken).ConfigureAwait(false);
        PlainStream.Require(features.IndexOf("urn:ietf:params:xml:ns:xmpp-tls", StringComparison.Ordinal) >= 0, Tail(features));
        await plain.WriteLineAsync("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", cancellationToken).ConfigureAwait(false);
        string answer = await plain.ReadUntilAsync(said => said.IndexOf("<proceed", StringComparison.Ordinal) >= 0 || said.IndexOf("<failure", StringComparison.Ordinal) >= 0, cancellationToken).ConfigureAwait(false);
        PlainStream.Require(answer.IndexOf("<proceed", StringComparison.Ordinal) >= 0, Tail(answer));
    }

    private static bool EndsWith(string said, string end) => said.EndsWith(end, StringComparison.Ordinal);

    // The end of it says what is wrong.
    private static string Tail(string said) => said.Length <= 100 ? said : said.Substring(said.Length - 100);
}
