using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Challenges;

/// <summary>A solver whose proofs need time until they can be seen, and that can look.</summary>
public interface IVisibleProof
{
    /// <summary>Waits until all of them can be seen.</summary>
    /// <param name="context">The order and whom to tell.</param>
    /// <param name="challenges">What was published.</param>
    /// <param name="timeout">How long at most.</param>
    /// <param name="keep">To be called between two looks, so that the caller keeps what it holds.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ChallengeException">KmChallengeNotVisible: not in time.</exception>
    Task WaitUntilVisibleAsync(SolverContext context, IReadOnlyList<Challenge> challenges, TimeSpan timeout, Action keep, CancellationToken cancellationToken);
}
