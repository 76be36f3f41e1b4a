using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Challenges;

/// <summary>A solver that first finds out where each proof goes, and then publishes all of one place at once.</summary>
public interface IBatchSolver : IChallengeSolver
{
    /// <summary>The challenges with the place where each will be published; written down before anything is.</summary>
    /// <remarks>One that is published already keeps its place.</remarks>
    Task<IReadOnlyList<Challenge>> PlaceAsync(SolverContext context, IReadOnlyList<Challenge> challenges, CancellationToken cancellationToken);

    /// <summary>What challenges of one place have in common.</summary>
    string PlaceOf(Challenge challenge);

    /// <summary>Publishes all of one place; publishing what is there already changes nothing.</summary>
    Task PresentAsync(SolverContext context, IReadOnlyList<Challenge> ofOnePlace, CancellationToken cancellationToken);

    /// <summary>Takes exactly these away again; must work also when publishing failed, never ran, or ran in another process.</summary>
    Task CleanUpAsync(SolverContext context, IReadOnlyList<Challenge> ofOnePlace, CancellationToken cancellationToken);
}
