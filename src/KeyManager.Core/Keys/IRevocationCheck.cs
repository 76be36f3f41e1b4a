using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Hosting;

namespace KeyManager;

/// <summary>Reads what authorities publish about revoked certificates (RFC 5280 §5).</summary>
public interface IRevocationCheck
{
    /// <summary>When and why the certificate was revoked, by the list that it names; <c>null</c> when it was not, names none, or the list cannot be had or trusted.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="chain">The certificates above it, DER, issuer first: the list has to be signed by the first.</param>
    /// <param name="reporter">For why a list could not be had.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<(DateTimeOffset At, RevocationReason Reason)?> FindAsync(Certificate certificate, IReadOnlyList<byte[]> chain, IReporter reporter, CancellationToken cancellationToken);
}
