using System;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Deployments;

/// <summary>Looks what an endpoint serves, whether it is trusted or not.</summary>
public interface IEndpointProbe
{
    /// <summary>Makes one TLS handshake.</summary>
    /// <exception cref="TransportException">KmEndpointUnreachable: no connection, no TLS, or no answer in time.</exception>
    Task<ServedCertificate> AskAsync(Endpoint endpoint, TimeSpan timeout, CancellationToken cancellationToken);
}
