using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments.Probing.Dialects;

/// <summary>LDAP (RFC 4511 §4.14): message 1, an extended request with the name 1.3.6.1.4.1.1466.20037.</summary>
internal sealed class LdapDialect : IDialect
{
    private static readonly byte[] Request = [0x30, 0x1D, 0x02, 0x01, 0x01, 0x77, 0x18, 0x80, 0x16, .. "1.3.6.1.4.1.1466.20037".Select(c => (byte)c)];

    public EndpointProtocol Protocol => EndpointProtocol.Ldap;

    public async Task RunAsync(PlainStream plain, string host, CancellationToken cancellationToken)
    {
        await plain.WriteAsync(Request, cancellationToken).ConfigureAwait(false);
        byte[] head = await plain.ReadAsync(2, cancellationToken).ConfigureAwait(false);
        int length = head[1];
        PlainStream.Require(head[0] == 0x30 && length is not 0x80 and <= 0x82, "something that is no LDAP");
        if (length > 0x80)
        {
            length = (await plain.ReadAsync(length - 0x80, cancellationToken).ConfigureAwait(false)).Aggregate(0, (sum, part) => (sum << 8) | part);
        }

        byte[] body = await plain.ReadAsync(length, cancellationToken).ConfigureAwait(false);

        // The message's number, then [APPLICATION 24], its length, and the result as an ENUMERATED of one byte.
        int response = Array.IndexOf(body, (byte)0x78);
        int result = response < 0 ? -1 : Array.IndexOf(body, (byte)0x0A, response);
        PlainStream.Require(result >= 0 && result + 2 < body.Length && body[result + 1] == 1 && body[result + 2] == 0, "it refused StartTLS");
    }
}
