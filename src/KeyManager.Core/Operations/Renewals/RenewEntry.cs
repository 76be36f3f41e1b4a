using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Renews and deploys one certificate in a sweep: takes its lease, looks again, tries, and remembers how it went.</summary>
internal sealed class RenewEntry(KeyManagerPorts ports)
{
    /// <summary>After so many failures in a row the staging system is tried first, and a second authority takes over where there is one.</summary>
    private const int Repeated = 3;

    /// <summary>How long an authority is left alone that could not be reached: the others of the sweep need not wait for it too.</summary>
    private static readonly TimeSpan Unreachable = TimeSpan.FromMinutes(5);

    private readonly RenewCertificate _renew = new(ports);
    private readonly RehearseRenewal _rehearse = new(ports);
    private readonly DeployCertificate _deploy = new(ports);

    public async Task<RenewalResult> RunAsync(RenewalPlanLine planned, RenewalSweepOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        using Lease? lease = Lease.TryOnRenewal(ports, planned);
        if (lease is null)
        {
            return Result(planned, RenewalOutcome.Skipped, "another command is working on it");
        }

        DateTimeOffset now = ports.Clock.UtcNow;
        bool isAsked = options.Force && options.CertificateIds is not null;
        RenewalFacts facts = RenewalFacts.Read(ports.Store, planned.CertificateId, now);
        RenewalPlanLine line = PlanRenewal.Make(facts, now, isAsked);
        if (!facts.Certificate.IsCurrent || !line.IsDue)
        {
            return Result(line, line.Status == RenewalStatus.Blocked ? RenewalOutcome.Waiting : RenewalOutcome.Skipped, facts.Certificate.IsCurrent ? line.Reason : "another command has renewed it") with
            {
                NextAttempt = facts.Certificate.IsCurrent ? line.NextLook : null,
            };
        }

        // Counted before it begins: an attempt that kills its process must not come back at once, again and again.
        RenewalState before = facts.State ?? new RenewalState { LineageId = line.LineageId };
        RenewalState state = Begin(facts.Certificate, before, now);
        LeaseReporter heard = new(reporter, lease);
        try
        {
            return line.Status == RenewalStatus.Undeployed
                ? await DeployAsync(line, facts.Certificate, RenewalOutcome.Deployed, state, options.Scripts, heard, cancellationToken).ConfigureAwait(false)
                : await RenewAsync(line, facts, state, options, heard, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException error) when (error is ConflictException { Kind: ConflictKind.Busy } or StoreException { ErrorId: ErrorIds.StoreBusy })
        {
            Put(before with { NextLook = now });
            return Result(line, RenewalOutcome.Skipped, error.Message) with { NextAttempt = now };
        }
        catch (KeyManagerException error) when (error is not StoreException || error.ErrorId == ErrorIds.SecretUndecryptable)
        {
            return Fail(line, facts, state, error);
        }
        catch (StoreException error) when (error.ErrorId == ErrorIds.StoreLocked)
        {
            // The fault of no certificate: it says so for all of them.
            Put(before with { NextLook = now });
            throw;
        }
        catch (OperationCanceledException)
        {
            // Nobody's failure: the next sweep goes on at once.
            Put(before with { NextLook = now });
            throw;
        }
    }

    private async Task<RenewalResult> RenewAsync(
        RenewalPlanLine line, RenewalFacts facts, RenewalState state, RenewalSweepOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        CompleteOrderOptions how = new() { Timeout = options.Timeout, Resolver = options.Resolver, Scripts = options.Scripts };
        RenewalChanges changes = RenewalChanges.Of(facts.Policy);
        CertificateOrder order;
        TakeTurn(facts);
        if (facts.Begun is null && _renew.Quote(line.CertificateId) is Charge charge)
        {
            ports.Store.Write(session => RenewalBudget.Take(session, facts, charge, ports.Clock.UtcNow));
            how = how with { AcceptCharges = true };
        }

        try
        {
            if (state.Attempts > Repeated && facts.Begun is null && facts.Order is CertificateOrder previous && _rehearse.Find(previous, null) is AuthorityAccount staging && staging.Id != previous.AccountId)
            {
                await _rehearse.RunAsync(previous, staging, changes, how, reporter, cancellationToken).ConfigureAwait(false);
            }

            order = await _renew.RunAsync(line.CertificateId, changes, how, reporter, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException error) when (state.Attempts > Repeated && facts.Policy?.FallbackAccount is string fallback && MayTakeOver(facts, fallback, error))
        {
            reporter.Warn($"{line.Name} is renewed with the account {fallback}, because {line.Account} failed {state.Attempts} times: {error.Message}");
            // The budget was asked about the usual account's price.
            order = await RenewElsewhereAsync(line, changes with { Account = fallback }, how with { AcceptCharges = false }, error, reporter, cancellationToken).ConfigureAwait(false);
        }

        Certificate renewed = ports.Store.Write(session =>
        {
            Certificate current = Lookup.Certificate(session, order.CertificateId ?? line.CertificateId);
            bool deploys = facts.Policy?.Deploys != false && DeployAccess.TargetsOf(session, current).Count > 0;
            session.Renewals.Put(new RenewalState { LineageId = line.LineageId, LastAttemptAt = state.LastAttemptAt, UndeployedId = deploys ? current.Id : null });
            session.Audit.Append(new AuditEntry("AutoRenewal", "CertificateRenewed", current.Id, current.Name, $"{line.Reason}; until {RenewalTimes.Day(current.NotAfter)}, with {order.Account}"));
            return current;
        });
        return (await DeployAsync(line, renewed, RenewalOutcome.Renewed, state with { Attempts = 0 }, options.Scripts, reporter, cancellationToken).ConfigureAwait(false)) with { OrderId = order.Id, Account = order.Account };
    }

    /// <summary>Takes a turn of the account, where it has only so many in an hour.</summary>
    /// <exception cref="RateLimitException">KmRenewalsPerHour: none is left.</exception>
    private void TakeTurn(RenewalFacts facts)
    {
        if (facts.Begun is not null || facts.Order is not CertificateOrder previous || ports.Store.Read(session => session.Accounts.Find(previous.AccountId)) is not AuthorityAccount account
            || AccountSettings.HourlyRenewals(account.Settings) is not int most)
        {
            return;
        }

        DateTimeOffset now = ports.Clock.UtcNow;
        if (ports.Store.Write(session => session.Renewals.TakeTurn(account.Id, most, now), Durability.Deferred) is DateTimeOffset next)
        {
            throw new RateLimitException(ErrorIds.RenewalsPerHour, $"The account {account} orders {most} renewals in an hour at most, and they are used up until {RenewalTimes.Moment(next)}.")
            {
                Target = account.Name,
                RetryAfter = next,
                Remedy = $"It goes on by itself. To order more at a time: Set-KmAccount {account.Name} -Setting @{{ {AccountSettings.RenewalsPerHour} = '' }}",
            };
        }
    }

    /// <summary>Another authority does not help when the store, or the way to publish a proof, is what fails.</summary>
    private static bool MayTakeOver(RenewalFacts facts, string fallback, KeyManagerException error) =>
        !string.Equals(facts.Order?.Account, fallback, StringComparison.OrdinalIgnoreCase)
        && error is AuthorityException or TransportException or CredentialException or RateLimitException or ChallengeException or ConflictException { ErrorId: ErrorIds.AccountDeactivated };

    private async Task<CertificateOrder> RenewElsewhereAsync(
        RenewalPlanLine line, RenewalChanges changes, CompleteOrderOptions how, KeyManagerException first, IReporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            return await _renew.RunAsync(line.CertificateId, changes, how, reporter, cancellationToken).ConfigureAwait(false);
        }
        catch (KeyManagerException second) when (second is not StoreException)
        {
            reporter.Warn($"The account {changes.Account} cannot renew {line.Name} either: {second.Message}");
            throw first;
        }
    }

    private async Task<RenewalResult> DeployAsync(
        RenewalPlanLine line, Certificate certificate, RenewalOutcome outcome, RenewalState state, IScriptRunner? scripts, IReporter reporter, CancellationToken cancellationToken)
    {
        RenewalResult done = Result(line, outcome, line.Reason) with { NewCertificateId = certificate.Id, NotAfter = certificate.NotAfter };
        RenewalState waiting = ports.Store.Read(session => session.Renewals.Find(line.LineageId)) ?? state;
        if (waiting.UndeployedId != certificate.Id)
        {
            return done;
        }

        IReadOnlyList<Deployment> ends = await _deploy.RunMappedAsync(certificate.Id, new DeployOptions { Scripts = scripts }, reporter, cancellationToken).ConfigureAwait(false);
        done = done with { Deployments = ends };
        List<Deployment> failed = [.. ends.Where(d => !d.IsInPlace)];
        if (failed.Count == 0)
        {
            Put(waiting with { UndeployedId = null, Attempts = 0, NotBefore = null, Error = null, ErrorId = null, NextLook = default });
            return done;
        }

        // What has it already is left alone the next time.
        string reason = string.Join("; ", failed.Select(d => $"{d.Target}: {d.Problem}"));
        int attempts = state.Attempts == 0 ? 1 : state.Attempts;
        DateTimeOffset until = ports.Clock.UtcNow + RenewalTimes.BackOff(certificate, attempts);
        Put(waiting with { Attempts = attempts, NotBefore = until, NextLook = until, ErrorId = failed[0].ErrorId, Error = reason });
        Audit("DeploymentFailed", certificate, reason, succeeded: false);
        return done with { Outcome = RenewalOutcome.DeploymentFailed, Reason = reason, ErrorId = failed[0].ErrorId, Remedy = failed[0].Remedy, Attempts = attempts, NextAttempt = until };
    }

    private RenewalResult Fail(RenewalPlanLine line, RenewalFacts facts, RenewalState state, KeyManagerException error)
    {
        DateTimeOffset now = ports.Clock.UtcNow;
        bool goesOn = error.ErrorId is ErrorIds.OrderWaitTimeout or ErrorIds.RenewalsPerHour;
        RenewalState after = error.ErrorId == ErrorIds.RenewalsPerHour ? (facts.State ?? state) with { NotBefore = error.RetryAfter }
            : goesOn ? state with { Attempts = 0, NotBefore = Later(now + TimeSpan.FromMinutes(10), error.RetryAfter) }
            : state with { NotBefore = Later(now + RenewalTimes.BackOff(facts.Certificate, state.Attempts), error.RetryAfter) };
        after = after with { NextLook = after.NotBefore ?? now, ErrorId = error.ErrorId, Error = error.Message };
        ports.Store.Write(session =>
        {
            session.Renewals.Put(after);
            if (facts.Order is CertificateOrder order)
            {
                Hold(session, order, error, now);
            }

            if (error.IsRefusal && RenewCertificate.FindOpen(session, facts.Certificate, now) is null)
            {
                // Nothing was ordered, so nothing was spent.
                session.Renewals.RemoveCharge(line.CertificateId);
            }

            session.Audit.Append(new AuditEntry("AutoRenewal", goesOn ? "RenewalWaiting" : "RenewalFailed", line.CertificateId, line.Name, $"{line.Reason}: {error.Message}", Succeeded: goesOn));
        });
        return Result(line, goesOn ? RenewalOutcome.Waiting : RenewalOutcome.Failed, error.Message) with
        {
            ErrorId = error.ErrorId,
            Remedy = error.Remedy,
            Attempts = after.Attempts,
            NextAttempt = after.NotBefore,
        };
    }

    private static void Hold(IStoreSession session, CertificateOrder order, KeyManagerException error, DateTimeOffset now)
    {
        if (error.ErrorId == ErrorIds.RenewalsPerHour)
        {
            session.Renewals.PutHold(new RenewalHold(RenewalHold.OfAccount(order.AccountId), error.RetryAfter ?? now, error.Message));
        }
        else if (error is RateLimitException)
        {
            DateTimeOffset until = error.RetryAfter ?? now + TimeSpan.FromHours(1);

            // An authority does not say for whom its limit counts. When it refuses a second set of names too, it is the account.
            string names = RenewalHold.OfNames(order);
            bool isSecond = session.Renewals.ListHolds(now).Any(h => h.Scope.StartsWith(RenewalHold.OfNamesOf(order.AccountId), StringComparison.Ordinal) && h.Scope != names);
            session.Renewals.PutHold(new RenewalHold(names, until, $"{order.Authority} limits how often these names may be ordered: {error.Message}"));
            if (isSecond)
            {
                session.Renewals.PutHold(new RenewalHold(RenewalHold.OfAccount(order.AccountId), until, $"{order.Authority} limits how much account {order.Account} may order: {error.Message}"));
            }
        }
        else if (error.ErrorId is ErrorIds.AuthorityUnreachable or ErrorIds.AuthorityUnavailable)
        {
            session.Renewals.PutHold(new RenewalHold(RenewalHold.OfAccount(order.AccountId), Later(now + Unreachable, error.RetryAfter), error.Message));
        }
    }

    private RenewalState Begin(Certificate certificate, RenewalState before, DateTimeOffset now)
    {
        DateTimeOffset until = now + RenewalTimes.BackOff(certificate, before.Attempts + 1);
        RenewalState state = before with { Attempts = before.Attempts + 1, LastAttemptAt = now, NotBefore = until, NextLook = until, ErrorId = null, Error = "the attempt was cut short" };
        Put(state);
        return state;
    }

    private void Put(RenewalState state) => ports.Store.Write(session => session.Renewals.Put(state), Durability.Deferred);

    private void Audit(string action, Certificate certificate, string detail, bool succeeded) =>
        ports.Store.Write(session => session.Audit.Append(new AuditEntry("AutoRenewal", action, certificate.Id, certificate.Name, detail, succeeded)), Durability.Deferred);

    private static RenewalResult Result(RenewalPlanLine line, RenewalOutcome outcome, string reason) => new()
    {
        Name = line.Name,
        Outcome = outcome,
        Reason = reason,
        CertificateId = line.CertificateId,
        NotAfter = line.NotAfter,
        Account = line.Account,
    };

    private static DateTimeOffset Later(DateTimeOffset first, DateTimeOffset? second) => second > first ? second.Value : first;
}
