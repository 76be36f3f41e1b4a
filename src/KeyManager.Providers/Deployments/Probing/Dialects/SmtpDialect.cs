using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing.Dialects;

/// <summary>SMTP (RFC 3207 §4).</summary>
internal sealed class SmtpDialect : IDialect
{
    public EndpointProtocol Protocol => EndpointProtocol.Smtp;

    public async Task RunAsync(PlainStream plain, string host, CancellationToken cancellationToken)
    {
        await plain.ExpectAsync("220", cancellationToken).ConfigureAwait(false);
        await plain.WriteLineAsync("EHLO keymanager.invalid", cancellationToken).ConfigureAwait(false);
        await plain.ExpectAsync("250", cancellationToken).ConfigureAwait(false);
        await plain.WriteLineAsync("STARTTLS", cancellationToken).ConfigureAwait(false);
        await plain.ExpectAsync("220", cancellationToken).ConfigureAwait(false);
    }
}
