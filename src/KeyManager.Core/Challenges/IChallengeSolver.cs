using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Challenges;

/// <summary>Publishes the proof that a challenge asks for, and takes it away again. May be called for several challenges at once.</summary>
public interface IChallengeSolver
{
    /// <summary>Its name in the journal: whoever finds a published proof later gives it to the solver of this name.</summary>
    string Name { get; }

    /// <summary>Whether it can publish this challenge of this order.</summary>
    bool CanSolve(CertificateOrder order, Challenge challenge);

    /// <summary>Publishes; publishing what is there already changes nothing.</summary>
    Task PresentAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken);

    /// <summary>Takes exactly that away again; must work also when <see cref="PresentAsync"/> failed, never ran, or ran in another process.</summary>
    Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken);
}
