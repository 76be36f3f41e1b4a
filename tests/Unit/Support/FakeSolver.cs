using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;

namespace KeyManager.Tests.Support;

/// <summary>Publishes into a <see cref="FakeProbe"/>, and knows what is still there.</summary>
public sealed class FakeSolver(FakeProbe probe) : IChallengeSolver
{
    /// <summary>What is published now.</summary>
    public List<Challenge> Published { get; } = [];

    /// <summary>How often something was published.</summary>
    public int Presented { get; private set; }

    public bool IsEnabled { get; set; } = true;

    /// <summary>The one kind that it publishes; <c>null</c> for all.</summary>
    public ChallengeType? Only { get; set; }

    /// <summary>A kind that it does not publish.</summary>
    public ChallengeType? Not { get; set; }

    /// <summary>Thrown once something was published.</summary>
    public Exception? PresentProblem { get; set; }

    public Exception? CleanUpProblem { get; set; }

    /// <summary>What it waits for before it takes something away.</summary>
    public Func<Task> BeforeCleanUp { get; set; } = () => Task.CompletedTask;

    public string Name => "Fake";

    public bool CanSolve(CertificateOrder order, Challenge challenge) => IsEnabled && (Only is null || challenge.Type == Only) && challenge.Type != Not;

    public Task PresentAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        lock (Published)
        {
            Presented++;
            Published.Add(challenge);
            probe.Publish(challenge);
        }

        return PresentProblem is null ? Task.CompletedTask : Task.FromException(PresentProblem);
    }

    public async Task CleanUpAsync(SolverContext context, Challenge challenge, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await BeforeCleanUp();
        if (CleanUpProblem is not null)
        {
            throw CleanUpProblem;
        }

        lock (Published)
        {
            _ = Published.RemoveAll(c => c.Id == challenge.Id && c.OrderId == challenge.OrderId);
        }
    }
}
