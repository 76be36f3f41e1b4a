using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;

namespace KeyManager.Providers.Challenges;

/// <summary>Leaves publishing to the user: tells what to publish and where, waits until it can be seen, and tells what can be taken away again.</summary>
/// <remarks>Files and DNS records; nobody makes the certificate of a TLS challenge by hand while a command waits.</remarks>
/// <param name="wait">Waits until the proofs can be seen.</param>
public sealed class ManualSolver(IProofWait wait) : IManualSolver, IVisibleProof
{
    /// <inheritdoc/>
    public string Name => "Manual";

    /// <inheritdoc/>
    public bool CanSolve(CertificateOrder order, Challenge challenge) => ProofCheck.CanLookAt(challenge.Type);

    /// <inheritdoc/>
    public Task PresentAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        context.Reporter.Warn(challenge.Type.IsFile()
            ? Block($"Publish this file to prove {challenge.DomainName} ({(challenge.Type == ChallengeType.Http01 ? "http-01" : challenge.Type)}):", "URL:", challenge.Location, "Content:", challenge.Value)
            : Block(
                $"Publish this DNS record to prove {challenge.DomainName} ({(challenge.Type == ChallengeType.Dns01 ? "dns-01" : challenge.Type)}){(challenge.Type.IsText() ? ", beside any that are there" : "")}:",
                "Name:",
                challenge.Location,
                ValueLabel(challenge),
                challenge.Value));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="ChallengeException">KmChallengeNotVisible, naming each that is missing and what was seen.</exception>
    public Task WaitUntilVisibleAsync(SolverContext context, IReadOnlyList<Challenge> challenges, TimeSpan timeout, Action keep, CancellationToken cancellationToken)
    {
        ProofWaitOptions options = ProofWaitOptions.Of(context, timeout);
        return wait.RunAsync(context, [.. challenges.Select(c => new AwaitedProof(c, options))], keep, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Says nothing of a DnsPersist01 record: that one stands, and proves the next order too.</remarks>
    public Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        if (challenge.Type == ChallengeType.DnsPersist01)
        {
            return Task.CompletedTask;
        }

        context.Reporter.Warn(challenge.Type.IsFile()
            ? $"The file {challenge.Location} for {challenge.DomainName} is not needed any more and can be taken away."
            : Block($"This DNS record for {challenge.DomainName} is not needed any more and can be taken away:", "Name:", challenge.Location, ValueLabel(challenge), challenge.Value));
        return Task.CompletedTask;
    }

    private static string ValueLabel(Challenge challenge) => challenge.Type.IsText() ? "TXT value:" : "CNAME to:";

    private static string Block(string title, string placeLabel, string? place, string valueLabel, string? value) =>
        $"{title}{Environment.NewLine}  {placeLabel,-10} {place}{Environment.NewLine}  {valueLabel,-10} {value}";
}
