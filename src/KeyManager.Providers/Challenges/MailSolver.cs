using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;

namespace KeyManager.Providers.Challenges;

/// <summary>Proof by e-mail: the authority sends the mail and somebody else answers it; here the user is told who.</summary>
public sealed class MailSolver : IChallengeSolver
{
    /// <inheritdoc/>
    public string Name => "Mail";

    /// <inheritdoc/>
    public bool CanSolve(CertificateOrder order, Challenge challenge) => challenge.Type == ChallengeType.Email;

    /// <inheritdoc/>
    public Task PresentAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        context.Reporter.Warn($"{context.Order.Authority} has sent a mail to {challenge.Location}; what it says has to be done there before {challenge.DomainName} is proved. Send-KmChallengeEmail has it sent again.");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken) => Task.CompletedTask;
}
