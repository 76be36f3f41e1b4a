using System;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing.Dialects;

/// <summary>POP3 (RFC 2595 §4).</summary>
internal sealed class Pop3Dialect : IDialect
{
    public EndpointProtocol Protocol => EndpointProtocol.Pop3;

    public async Task RunAsync(PlainStream plain, string host, CancellationToken cancellationToken)
    {
        string reply = await plain.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        PlainStream.Require(reply.StartsWith("+OK", StringComparison.Ordinal), reply);
        await plain.WriteLineAsync("STLS", cancellationToken).ConfigureAwait(false);
        reply = await plain.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        PlainStream.Require(reply.StartsWith("+OK", StringComparison.Ordinal), reply);
    }
}
