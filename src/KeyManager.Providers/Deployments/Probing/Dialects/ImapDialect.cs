using System;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing.Dialects;

/// <summary>IMAP (RFC 9051 §6.2.1).</summary>
internal sealed class ImapDialect : IDialect
{
    public EndpointProtocol Protocol => EndpointProtocol.Imap;

    public async Task RunAsync(PlainStream plain, string host, CancellationToken cancellationToken)
    {
        string reply = await plain.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        PlainStream.Require(reply.StartsWith("* OK", StringComparison.OrdinalIgnoreCase), reply);
        await plain.WriteLineAsync("a1 STARTTLS", cancellationToken).ConfigureAwait(false);
        do
        {
            reply = await plain.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
        while (reply.StartsWith("*", StringComparison.Ordinal));
        PlainStream.Require(reply.StartsWith("a1 OK", StringComparison.OrdinalIgnoreCase), reply);
    }
}
