using System;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Deployments;

/// <summary>Looks what an endpoint serves, whether it is trusted or not.</summary>
public interface IEndpointProbe
{
    /// <summary>Makes one TLS handshake. Of a service that wants a certificate of its visitors it is enough that it shows its own and asks for ours.</summary>
    /// <exception cref="TransportException">KmEndpointUnreachable: no connection, no TLS, or no answer in time.</exception>
    Task<ServedCertificate> AskAsync(Endpoint endpoint, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>
    /// Reads only which certificate is shown, of whatever service: one that wants a certificate of its visitor, speaks nothing newer than TLS 1.0, or does not know the name.
    /// Whether the handshake would come to its end is not seen.
    /// </summary>
    /// <exception cref="TransportException">KmEndpointUnreachable; <see cref="TransportException.HasAnswered"/> says whether somebody was there.</exception>
    Task<ServedCertificate> LookAsync(Endpoint endpoint, TimeSpan timeout, CancellationToken cancellationToken);
}
