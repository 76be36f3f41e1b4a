using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Hosting;

namespace KeyManager.Dns;

/// <summary>Says beforehand which DNS account would write the records of an order, and whether it can.</summary>
public interface IDnsAccountCheck
{
    /// <summary>For each name a finding (<see cref="PreflightFinding.Check"/> "DnsAccount"): the account whose zone holds it, or why no account can write there.</summary>
    /// <param name="order">The order, which may name an account; perhaps not stored.</param>
    /// <param name="records">The records that prove its names.</param>
    /// <param name="reporter">For steps.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <remarks>Nothing is changed. Answers nothing where records are not written by an account: by a script, or by hand.</remarks>
    Task<IReadOnlyList<PreflightFinding>> CheckAsync(CertificateOrder order, IReadOnlyList<ProofRecord> records, IReporter reporter, CancellationToken cancellationToken);
}
