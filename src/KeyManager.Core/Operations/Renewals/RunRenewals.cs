using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>
/// The engine: looks at the certificates whose time to be looked at has come, renews and deploys what is due, several at once, and remembers how it went.
/// Any number of processes may do so at the same time: each certificate is renewed by one of them.
/// </summary>
public sealed class RunRenewals(KeyManagerPorts ports)
{
    private const int PageSize = 200;

    private readonly AskRenewalWindow _ask = new(ports);
    private readonly LookUpRevocation _revocations = new(ports);
    private readonly RenewEntry _renew = new(ports);

    /// <summary>What a sweep would do with each certificate, from what is known; asks nobody and changes nothing.</summary>
    /// <param name="certificateIds">Only these current versions; <c>null</c> for all.</param>
    /// <param name="isAsked">Whether they would be renewed due or not.</param>
    public IEnumerable<RenewalPlanLine> Plan(IReadOnlyList<string>? certificateIds, bool isAsked)
    {
        IEnumerable<string> ids = certificateIds ?? ports.Store.Stream(new CertificateQuery { SoonestExpiryFirst = true }).Select(c => c.Id);
        foreach (string id in ids)
        {
            DateTimeOffset now = ports.Clock.UtcNow;
            yield return PlanRenewal.Make(RenewalFacts.Read(ports.Store, id, now), now, isAsked);
        }
    }

    /// <summary>Sweeps once. One certificate that fails never stops the others.</summary>
    /// <param name="options">How.</param>
    /// <param name="approve">Asked before each certificate that is due; false leaves it alone.</param>
    /// <param name="tell">Hears of each result as it comes.</param>
    /// <param name="reporter">For steps and warnings.</param>
    /// <param name="cancellationToken">Stops; what was begun is taken up by the next sweep.</param>
    /// <exception cref="ConflictException">KmClockDoubtful: the clock of the machine jumped by too much to believe it.</exception>
    public async Task<RenewalSummary> RunAsync(
        RenewalSweepOptions options, Func<RenewalPlanLine, Task<bool>> approve, Func<RenewalResult, Task> tell, IReporter reporter, CancellationToken cancellationToken)
    {
        Guard.NotNull(options);
        Guard.NotNull(approve);
        Guard.NotNull(tell);
        DateTimeOffset start = ports.Clock.UtcNow;
        CheckClock(start, options.Force);
        IReadOnlyList<string> ids = options.CertificateIds ?? ports.Store.Read(session => session.Renewals.FindToLookAt(start));
        List<RenewalPlanLine> due = [];
        int blocked = 0;
        foreach (IReadOnlyList<string> page in Pages(ids))
        {
            IReadOnlyList<RenewalPlanLine> lines = await LookAsync(page, options, reporter, cancellationToken).ConfigureAwait(false);
            blocked += lines.Count(l => l.Status == RenewalStatus.Blocked);
            due.AddRange(lines.Where(l => l.IsDue));
        }

        // What ends first goes first: when the sweep is ended early, the rest has the most time.
        List<RenewalResult> results = [];
        await Concurrent.ForEachAsync(
            due.OrderBy(l => l.NotAfter),
            options.ThrottleLimit,
            async line =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!await approve(line).ConfigureAwait(false))
                {
                    return;
                }

                RenewalResult result = await _renew.RunAsync(line, options, reporter, cancellationToken).ConfigureAwait(false);
                lock (results)
                {
                    results.Add(result);
                }

                await tell(result).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        RenewalSummary summary = Finish(start, ids.Count, blocked, results);
        new RemoveOldVersions(ports).RunBySetting(reporter, cancellationToken);
        return summary;
    }

    private RenewalSummary Finish(DateTimeOffset start, int looked, int blocked, List<RenewalResult> results) => ports.Store.Write(
        session =>
        {
            DateTimeOffset now = ports.Clock.UtcNow;
            RenewalSummary summary = new()
            {
                Looked = looked,
                Renewed = results.Count(r => r.Outcome is RenewalOutcome.Renewed or RenewalOutcome.DeploymentFailed),
                Deployed = results.Count(r => r.Outcome == RenewalOutcome.Deployed),
                Failed = results.Count(r => r.IsFailure),
                Skipped = results.Count(r => r.Outcome == RenewalOutcome.Skipped),
                Waiting = session.Renewals.CountWaiting() + blocked,
                NextLook = session.Renewals.NextLook() is DateTimeOffset next ? (next > now ? next : now) : null,
                Duration = now - start,
            };
            session.Renewals.PutLastSweep(now);
            ManageAudit.PurgeBySetting(session, now);
            session.Audit.Append(new AuditEntry("Schedule", "RenewalSweep", Detail: summary.ToString(), Succeeded: summary.Succeeded));
            return summary;
        },
        Durability.Deferred);

    /// <summary>Decides about a page of certificates, and remembers when to look again at those that need nothing now.</summary>
    private async Task<IReadOnlyList<RenewalPlanLine>> LookAsync(IReadOnlyList<string> ids, RenewalSweepOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        DateTimeOffset now = ports.Clock.UtcNow;
        bool isAsked = options.Force && options.CertificateIds is not null;
        List<RenewalFacts> facts = ports.Store.Read(session =>
        {
            RenewalRules rules = RenewalRules.Read(session, now);
            return ids.Where(id => session.Certificates.Find(id) is not null).Select(id => RenewalFacts.Read(session, id, rules, now)).ToList();
        });
        IReadOnlyList<RenewalFacts> informed = await Concurrent.SelectAsync(
            facts,
            options.ThrottleLimit,
            async f =>
            {
                RenewalFacts looked = MayAsk(f, now) ? f with { Info = await _ask.RunAsync(f.Certificate, reporter, cancellationToken).ConfigureAwait(false) } : f;
                return await _revocations.RunAsync(looked, now, reporter, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        List<(RenewalFacts Facts, RenewalPlanLine Line)> planned = [.. informed.Select(f => (f, PlanRenewal.Make(f, now, isAsked)))];
        ports.Store.Write(
            session =>
            {
                foreach ((RenewalFacts known, RenewalPlanLine line) in planned.Where(p => !p.Line.IsDue))
                {
                    RenewalState state = known.State ?? new RenewalState { LineageId = line.LineageId };
                    session.Renewals.Put(line.Status == RenewalStatus.BackingOff
                        ? state with { NextLook = line.NextLook }
                        : state with { NextLook = line.NextLook, NotBefore = null, Attempts = line.Status == RenewalStatus.Blocked ? state.Attempts : 0 });
                }
            },
            Durability.Deferred);
        return [.. planned.Select(p => p.Line)];
    }

    private bool MayAsk(RenewalFacts facts, DateTimeOffset now) =>
        facts.Order is not null
        && facts.Policy?.IsEnabled != false
        && facts.Certificate.Status != CertificateStatus.Revoked
        && facts.Begun is null
        && now < RenewalTimes.Emergency(facts.Certificate)
        && (facts.Info is null || facts.Info.AskAgainAt <= now)
        && ports.Authorities.Find(facts.Order.Authority) is IRenewalInfoAbility;

    /// <summary>A clock that is wrong by months would let everything run out, or renew everything for nothing.</summary>
    private void CheckClock(DateTimeOffset now, bool isTrusted)
    {
        if (isTrusted || ports.Store.Read(session => session.Renewals.LastSweep()) is not DateTimeOffset last)
        {
            return;
        }

        const int MostMonths = 6;
        bool isBehind = now < last - TimeSpan.FromHours(1);
        if (!isBehind && now < last.AddMonths(MostMonths))
        {
            return;
        }

        if (!isBehind)
        {
            // A machine may have slept for so long. The next sweep believes it.
            ports.Store.Write(session => session.Renewals.PutLastSweep(now));
        }

        throw new ConflictException(
            ConflictKind.State,
            ErrorIds.ClockDoubtful,
            $"The clock of this machine says {RenewalTimes.Moment(now)}, and the last sweep ran at {RenewalTimes.Moment(last)}. Nothing was renewed.")
        {
            Target = RenewalTimes.Moment(now),
            Remedy = isBehind
                ? "Set the clock. When the last sweep ran with a wrong one, say that this one is right: Invoke-KmRenewal -Force."
                : "Set the clock, or do nothing when it is right: the next sweep goes on. Invoke-KmRenewal -Force does so at once.",
        };
    }

    private static IEnumerable<IReadOnlyList<string>> Pages(IReadOnlyList<string> ids)
    {
        for (int from = 0; from < ids.Count; from += PageSize)
        {
            yield return [.. ids.Skip(from).Take(PageSize)];
        }
    }
}
