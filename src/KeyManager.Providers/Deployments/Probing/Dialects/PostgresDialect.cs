using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing.Dialects;

/// <summary>PostgreSQL's SSLRequest: length 8, code 80877103.</summary>
internal sealed class PostgresDialect : IDialect
{
    private static readonly byte[] Request = [0, 0, 0, 8, 0x04, 0xD2, 0x16, 0x2F];

    public EndpointProtocol Protocol => EndpointProtocol.Postgres;

    public async Task RunAsync(PlainStream plain, string host, CancellationToken cancellationToken)
    {
        await plain.WriteAsync(Request, cancellationToken).ConfigureAwait(false);
        byte[] answer = await plain.ReadAsync(1, cancellationToken).ConfigureAwait(false);
        PlainStream.Require(answer[0] == 'S', answer[0] == 'N' ? "it has no TLS" : ((char)answer[0]).ToString());
    }
}
