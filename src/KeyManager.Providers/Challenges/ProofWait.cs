using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Hosting;
using KeyManager.Providers.Challenges.Waiting;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Networking;
using KeyManager.Storage;

namespace KeyManager.Providers.Challenges;

/// <summary>Waits until proofs can be seen: files where an authority fetches them, records at every server of their zone.</summary>
public sealed class ProofWait : IProofWait
{
    /// <summary>How long it may take to find out why something cannot be seen.</summary>
    private static readonly TimeSpan HintTimeLimit = TimeSpan.FromSeconds(12);

    private readonly ProofLook _look;
    private readonly IZoneWitness? _witness;
    private readonly RecordHints? _hints;
    private readonly PropagationMemory? _memory;
    private readonly Clock _clock;

    /// <param name="probe">Looks at files, and asks resolvers.</param>
    /// <param name="store">Keeps what zones took.</param>
    /// <param name="clock">The time.</param>
    public ProofWait(IValidationProbe probe, IStore store, Clock clock)
        : this(probe, new ZoneWitness(clock, new ZoneFinder(clock)), store, clock)
    {
    }

    /// <param name="probe">Looks at files, and asks resolvers.</param>
    /// <param name="witness">Asks the servers of zones; <c>null</c> to ask resolvers only.</param>
    /// <param name="store">Keeps what zones took; <c>null</c> to forget it.</param>
    /// <param name="clock">The time.</param>
    internal ProofWait(IValidationProbe probe, IZoneWitness? witness, IStore? store, Clock clock)
    {
        _look = new ProofLook(probe, witness, clock);
        _witness = witness;
        _hints = witness is ZoneWitness servers ? new RecordHints(servers) : null;
        _memory = store is null ? null : new PropagationMemory(store, clock);
        _clock = clock;
    }

    /// <inheritdoc/>
    public async Task RunAsync(SolverContext context, IReadOnlyList<AwaitedProof> proofs, Action keep, CancellationToken cancellationToken)
    {
        Guard.NotNull(context);
        Guard.NotNull(proofs);
        List<ProofSight> sights;
        try
        {
            sights = Sights(proofs);
        }
        catch (DnsException error)
        {
            throw new ChallengeException(ErrorIds.ChallengeNotVisible, $"A record of order {context.Order} cannot be looked for: {error.Message}", error)
            {
                Target = context.Order.Id,
                Remedy = "The name may be too long with what is put before it. Where the authority takes it nevertheless: -Resolver None.",
            };
        }

        string activity = $"Waiting until the proofs of {context.Order.Name} can be seen";
        try
        {
            IReadOnlyList<ProofSight> missing = await new ProofLoop(_witness, _look, _memory, _clock, sights)
                .RunAsync(() => Report(context.Reporter, activity, sights), keep, cancellationToken).ConfigureAwait(false);
            if (missing.Count > 0)
            {
                Dictionary<ProofSight, string> hints = await ExplainAsync(missing, cancellationToken).ConfigureAwait(false);
                missing = [.. missing.Where(m => !m.IsSeen)]; // the last look may have found it
                if (missing.Count > 0)
                {
                    throw NotVisible(context.Order, proofs, missing, hints);
                }
            }
        }
        finally
        {
            context.Reporter.Progress(new ProgressReport(activity, "Done", Completed: true));
        }

        foreach (string oddity in sights.SelectMany(Oddities).Distinct())
        {
            context.Reporter.Warn(oddity);
        }
    }

    private static List<ProofSight> Sights(IReadOnlyList<AwaitedProof> proofs) =>
    [
        .. proofs.Where(p => ProofCheck.CanLookAt(p.Challenge.Type) && p.Challenge is { Location: not null, Value: not null })
            .GroupBy(p => (p.Challenge.Location, p.Challenge.Type, p.Options))
            .Select(g => new ProofSight(g.Key.Location!, [.. g.Select(p => p.Challenge.Value!).Distinct()], g.Key.Type, g.Key.Options)),
    ];

    private static void Report(IReporter reporter, string activity, IReadOnlyList<ProofSight> sights)
    {
        List<string> missing = [.. sights.Where(s => !s.IsSeen).Select(s => s.Location)];
        reporter.Progress(new ProgressReport(activity, "Missing: " + string.Join(", ", missing), 100 * (sights.Count - missing.Count) / sights.Count));
    }

    /// <summary>What an authority might stumble over although everything is there.</summary>
    private static IEnumerable<string> Oddities(ProofSight sight) => sight.Zone is not DnsZone zone || sight.NeedsResolver || !sight.Answers.Any(a => a.Kind == KeyManager.Dns.DnsAnswerKind.Present)
        ? []
        : sight.Answers.Where(a => a.Kind is KeyManager.Dns.DnsAnswerKind.Lame or KeyManager.Dns.DnsAnswerKind.Silent)
            .Select(a => $"{a.Server}, a server of the zone {zone.Name}, {a.Message}. The others have the records, so it is passed over; an authority that meets it first may take longer.")
            .Concat(zone.Oddities);

    /// <summary>A last look at whoever was not asked in the end, and what it all looks like.</summary>
    private async Task<Dictionary<ProofSight, string>> ExplainAsync(IReadOnlyList<ProofSight> missing, CancellationToken cancellationToken)
    {
        Dictionary<ProofSight, string> hints = [];
        if (_hints is not null)
        {
            try
            {
                _ = await TimeLimit.RunAsync(
                    _clock,
                    HintTimeLimit,
                    async token =>
                    {
                        await Task.WhenAll(missing.Where(s => s is { IsServed: false, IsFile: false } && (s.Zone is not null || !s.IsZoneKnown)).Take(8).Select(s => _look.RunAsync(s, token))).ConfigureAwait(false);
                        foreach (ProofSight sight in missing.Take(8))
                        {
                            string hint = await _hints.FindAsync(sight, token).ConfigureAwait(false);
                            lock (hints)
                            {
                                hints[sight] = hint;
                            }
                        }

                        return true;
                    },
                    cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // The error says what is known without.
            }
        }

        lock (hints)
        {
            return missing.ToDictionary(s => s, s => hints.TryGetValue(s, out string? hint) ? hint : "");
        }
    }

    private static ChallengeException NotVisible(CertificateOrder order, IReadOnlyList<AwaitedProof> proofs, IReadOnlyList<ProofSight> missing, Dictionary<ProofSight, string> hints)
    {
        IEnumerable<string> lines = missing.Select(m =>
        {
            List<Challenge> meant = [.. proofs.Select(p => p.Challenge).Where(c => c.Location == m.Location)];
            return $"{m.Location} ({string.Join(", ", meant.Select(c => $"{c.Type} for {c.DomainName}").Distinct())}): {SightReport.Describe(m)}{(hints[m].Length > 0 ? " " + hints[m] : "")}";
        });
        return new ChallengeException(
            ErrorIds.ChallengeNotVisible,
            string.Format(
                CultureInfo.InvariantCulture,
                "{0} of order {1} cannot be seen after {2}. {3}",
                missing.Count == 1 ? "A proof" : $"{missing.Count} proofs",
                order,
                missing.Min(m => m.Options.Maximum),
                string.Join(" ", lines)))
        {
            Target = order.Id,
            IsTransient = true,
            Remedy = "Compare name and value with what Get-KmChallenge shows, look with Test-KmDnsRecord, and give the name servers time. "
                + "Where the authority can see what this machine cannot: publish it yourself, then Invoke-KmChallenge -AlreadyPublished.",
        };
    }
}
