using System.Threading;
using System.Threading.Tasks;

namespace KeyManager.Challenges;

/// <summary>Publishes the proof that a challenge asks for, and takes it away again.</summary>
public interface IChallengeSolver
{
    /// <summary>Whether it can publish this challenge of this order.</summary>
    bool CanSolve(CertificateOrder order, Challenge challenge);

    /// <summary>Publishes; publishing what is there already changes nothing.</summary>
    Task PresentAsync(CertificateOrder order, Challenge challenge, CancellationToken cancellationToken);

    /// <summary>Takes exactly that away again; must work also when <see cref="PresentAsync"/> failed or never ran.</summary>
    Task CleanUpAsync(CertificateOrder order, Challenge challenge, CancellationToken cancellationToken);
}
