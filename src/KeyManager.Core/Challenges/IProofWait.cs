using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Challenges;

/// <summary>Waits until proofs can be seen, all of them in one go: files where the authority fetches them, records at every server of their zone.</summary>
public interface IProofWait
{
    /// <summary>Waits. What cannot be looked at counts as seen.</summary>
    /// <param name="context">The order, and whom to tell.</param>
    /// <param name="proofs">What was published; each may be waited for in its own way.</param>
    /// <param name="keep">Called at least every second, so that the caller keeps what it holds.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ChallengeException">KmChallengeNotVisible: not in time; says what each server answered, and what that looks like.</exception>
    Task RunAsync(SolverContext context, IReadOnlyList<AwaitedProof> proofs, Action keep, CancellationToken cancellationToken);
}
