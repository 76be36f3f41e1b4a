using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Challenges;

/// <summary>Looks at the world as an authority will: CAA records, DNSSEC, where the names of proofs lead, the web port.</summary>
public interface IPreflight
{
    /// <summary>Looks. What cannot be looked at is a finding too; nothing is thrown for it.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter: the resolver is no address.</exception>
    Task<IReadOnlyList<PreflightFinding>> RunAsync(PreflightRequest request, CancellationToken cancellationToken);
}
