using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing.Dialects;

/// <summary>FTP (RFC 4217 §4).</summary>
internal sealed class FtpDialect : IDialect
{
    public EndpointProtocol Protocol => EndpointProtocol.Ftp;

    public async Task RunAsync(PlainStream plain, string host, CancellationToken cancellationToken)
    {
        await plain.ExpectAsync("220", cancellationToken).ConfigureAwait(false);
        await plain.WriteLineAsync("AUTH TLS", cancellationToken).ConfigureAwait(false);
        await plain.ExpectAsync("234", cancellationToken).ConfigureAwait(false);
    }
}
