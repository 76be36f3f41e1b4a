using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Hosting;

namespace KeyManager.Providers.Challenges;

/// <summary>Looks again and again until every proof can be seen: after 2 s at first, then ever more slowly, every 15 s in the end.</summary>
internal sealed class ProofWait(ProofCheck check, Clock clock)
{
    private const int AtOnce = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>Waits; what cannot be looked at is taken as seen.</summary>
    /// <exception cref="ChallengeException">KmChallengeNotVisible, naming each that is missing and what was seen.</exception>
    public async Task RunAsync(SolverContext context, IReadOnlyList<Challenge> challenges, TimeSpan timeout, Action keep, CancellationToken cancellationToken)
    {
        if (string.Equals(context.Resolver, SolverContext.NoResolver, StringComparison.OrdinalIgnoreCase))
        {
            challenges = [.. challenges.Where(c => c.Type.IsFile())];
        }

        DateTimeOffset deadline = clock.UtcNow + timeout;
        string activity = $"Waiting until the proofs of {context.Order.Name} can be seen";
        List<Challenge> all = [.. challenges.Where(c => ProofCheck.CanLookAt(c.Type))];
        Dictionary<Challenge, string> missing = all.ToDictionary(c => c, _ => "It was not looked at.");
        TimeSpan pause = FirstPause;
        try
        {
            while (true)
            {
                await LookAsync(context.Resolver, missing, deadline, cancellationToken).ConfigureAwait(false);
                if (missing.Count == 0)
                {
                    return;
                }

                TimeSpan left = deadline - clock.UtcNow;
                if (left <= TimeSpan.Zero)
                {
                    throw NotVisible(context.Order, missing, timeout);
                }

                context.Reporter.Progress(new ProgressReport(
                    activity, "Missing: " + string.Join(", ", missing.Keys.Select(c => c.Location)), 100 * (all.Count - missing.Count) / all.Count));
                await clock.DelayAsync(pause < left ? pause : left, cancellationToken).ConfigureAwait(false);
                keep();
                TimeSpan longer = TimeSpan.FromTicks(pause.Ticks * 3 / 2);
                pause = longer < LongestPause ? longer : LongestPause;
            }
        }
        finally
        {
            context.Reporter.Progress(new ProgressReport(activity, "Done", Completed: true));
        }
    }

    // What was seen once counts: a look at it again could only meet a server that is slower.
    private async Task LookAsync(string? resolver, Dictionary<Challenge, string> missing, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        SemaphoreSlim gate = new(AtOnce); // a look that is left behind still gives it back, so it is not disposed
        Dictionary<Challenge, Task<string?>> looks = missing.Keys.ToDictionary(c => c, c => LookAsync(gate, c, resolver, ending.Token));
        Task every = Task.WhenAll(looks.Values);
        if (!every.IsCompleted)
        {
            // A name server that does not answer must not keep the user longer than he wanted.
            TimeSpan left = deadline - clock.UtcNow;
            await Task.WhenAny(every, clock.DelayAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, ending.Token)).ConfigureAwait(false);
            ending.Cancel();
        }

        cancellationToken.ThrowIfCancellationRequested();
        foreach (KeyValuePair<Challenge, Task<string?>> look in looks)
        {
            if (!look.Value.IsCompleted || look.Value.IsCanceled)
            {
                missing[look.Key] = "There was no answer in time.";
            }
            else if (await look.Value.ConfigureAwait(false) is string problem)
            {
                missing[look.Key] = problem;
            }
            else
            {
                missing.Remove(look.Key);
            }
        }
    }

    private async Task<string?> LookAsync(SemaphoreSlim gate, Challenge challenge, string? resolver, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await check.FindProblemAsync(challenge, resolver, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private static ChallengeException NotVisible(CertificateOrder order, Dictionary<Challenge, string> missing, TimeSpan timeout) => new(
        ErrorIds.ChallengeNotVisible,
        string.Format(
            CultureInfo.InvariantCulture,
            "{0} of order {1} cannot be seen after {2}. {3}",
            missing.Count == 1 ? "A proof" : $"{missing.Count} proofs",
            order,
            timeout,
            string.Join(" ", missing.Select(m => $"{m.Key.Location} ({m.Key.Type} for {m.Key.DomainName}): {m.Value}"))))
    {
        Target = order.Id,
        IsTransient = true,
        Remedy = "Compare name and value with what Get-KmChallenge shows, and give the name servers time. Where the authority can see what this machine cannot: publish it yourself, then Invoke-KmChallenge -AlreadyPublished.",
    };
}
