using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Challenges;
using KeyManager.Deployments;
using KeyManager.Hosting;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Finds everything that would stop the next renewal of a certificate, before it is due. Orders nothing and changes nothing.</summary>
public sealed class ExplainRenewal(KeyManagerPorts ports)
{
    private const int AtOnce = 8;

    private readonly RenewCertificate _renew = new(ports);
    private readonly ChangeAccount _accounts = new(ports);
    private readonly Preflight _preflight = new(ports);
    private readonly ManageRenewalTasks _tasks = new(ports);
    private readonly ManageDeployTargets _targets = new(ports);
    private readonly RehearseRenewal _rehearse = new(ports);

    /// <summary>Looks at everything; one thing that fails does not keep the others from being looked at. The worst comes first.</summary>
    public async Task<IReadOnlyList<RenewalTest>> RunAsync(string certificateId, string? resolver, IScriptRunner? scripts, IReporter reporter, CancellationToken cancellationToken)
    {
        DateTimeOffset now = ports.Clock.UtcNow;
        RenewalFacts facts = RenewalFacts.Read(ports.Store, certificateId, now);
        List<RenewalTest> found = [OfPlan(facts, now)];
        if (facts.Order is CertificateOrder previous)
        {
            AddAuthority(found, facts, previous, now);
            AddCharge(found, facts);
            await AddAccountAsync(found, facts, previous, reporter, cancellationToken).ConfigureAwait(false);
            if (Preview(found, facts) is CertificateOrder next)
            {
                AddProof(found, facts, next);
                found.AddRange((await _preflight.RunAsync(next, resolver, reporter, cancellationToken).ConfigureAwait(false))
                    .Select(f => New(facts, f.Check, f.Severity, $"{f.Subject}: {f.Message}", f.Remedy.Length == 0 ? null : f.Remedy)));
            }

            AddFallback(found, facts);
        }

        await AddTargetsAsync(found, facts, scripts, reporter, cancellationToken).ConfigureAwait(false);
        AddStore(found, facts);
        await AddTaskAsync(found, facts, cancellationToken).ConfigureAwait(false);
        return [.. found.OrderByDescending(f => f.Severity)];
    }

    /// <summary>Renews on trial: orders, proves and collects with the staging system of the authority, and throws away what comes of it. What is in the inventory is not touched.</summary>
    /// <param name="certificateId">The certificate.</param>
    /// <param name="account">Id or name of the account to try with; <c>null</c> for one with the staging system of the certificate's authority.</param>
    /// <param name="options">How long to wait, and who publishes.</param>
    /// <param name="reporter">For steps and warnings.</param>
    /// <param name="cancellationToken">Stops it; what was published is taken away all the same.</param>
    /// <exception cref="InvalidRequestException">KmChargesNotAccepted: orders with the account cost money.</exception>
    public async Task<RenewalTest> RehearseAsync(string certificateId, string? account, CompleteOrderOptions options, IReporter reporter, CancellationToken cancellationToken)
    {
        DateTimeOffset now = ports.Clock.UtcNow;
        RenewalFacts facts = RenewalFacts.Read(ports.Store, certificateId, now);
        if (facts.Order is not CertificateOrder previous)
        {
            return OfPlan(facts, now);
        }

        if (_rehearse.Find(previous, account) is not AuthorityAccount staging)
        {
            return New(
                facts,
                "Rehearsal",
                PreflightSeverity.Warning,
                $"There is no account with a staging system of {previous.Authority} to rehearse with.",
                $"Make one: New-KmAccount {previous.Authority.ToLowerInvariant()}-staging {previous.Authority} -Environment Staging -AcceptTermsOfService; or name an account with -RehearsalAccount.");
        }

        try
        {
            await _rehearse.RunAsync(previous, staging, RenewalChanges.Of(facts.Policy), options, reporter, cancellationToken).ConfigureAwait(false);
            return New(facts, "Rehearsal", PreflightSeverity.Information, $"The renewal worked with the account {staging}: all names were proved and a certificate was issued, which is thrown away.", null);
        }
        catch (KeyManagerException error) when (error is not StoreException)
        {
            return Of(facts, "Rehearsal", error);
        }
    }

    private static RenewalTest OfPlan(RenewalFacts facts, DateTimeOffset now)
    {
        RenewalPlanLine line = PlanRenewal.Make(facts, now, isAsked: false);
        (PreflightSeverity severity, string? remedy) = line.Status switch
        {
            RenewalStatus.NotRenewable => (PreflightSeverity.Problem, $"Order it here once: New-KmCertificateOrder {facts.Certificate.DomainNames.Select(n => n.Ascii).FirstOrDefault()} -Name {line.Name}"),
            RenewalStatus.SwitchedOff => (PreflightSeverity.Problem, facts.Policy is { IsEnabled: false } ? $"Enable-KmRenewalPolicy {facts.Policy}"
                : facts.OwnWishes?.AutoRenew == false ? $"Set-KmCertificateOrder {line.Name} -AutoRenew $true"
                : $"Make a policy that names it: Get-KmCertificate {line.Name} | Set-KmRenewalPolicy {line.Name}"),
            RenewalStatus.BackingOff or RenewalStatus.Blocked => (PreflightSeverity.Warning, $"Mend the cause, then: Invoke-KmRenewal {line.Name} -Force"),
            _ => (PreflightSeverity.Information, (string?)null),
        };
        return New(facts, "Plan", severity, line.Reason, remedy) with { ErrorId = line.Status == RenewalStatus.BackingOff ? facts.State?.ErrorId : null };
    }

    private void AddAuthority(List<RenewalTest> found, RenewalFacts facts, CertificateOrder previous, DateTimeOffset now)
    {
        if (ports.Authorities.Find(previous.Authority)?.Description is not AuthorityDescription about)
        {
            found.Add(New(facts, "Authority", PreflightSeverity.Problem, $"This KeyManager does not know the authority {previous.Authority}.", "Update the module.") with { ErrorId = ErrorIds.AuthorityNotFound });
        }
        else if (about.RetiredSince is DateTimeOffset retired)
        {
            found.Add(New(
                facts,
                "Authority",
                PreflightSeverity.Problem,
                $"{about.Title} {(retired <= now ? "has stopped" : "stops")} issuing on {RenewalTimes.Day(retired)}.",
                $"Order it from another authority under the same name: New-KmCertificateOrder {previous.DomainNames[0]} -Name {previous.Name} -Account ...") with { ErrorId = ErrorIds.AuthorityRetired });
        }
    }

    private void AddCharge(List<RenewalTest> found, RenewalFacts facts)
    {
        try
        {
            if (_renew.Quote(facts.Certificate.Id) is Charge charge)
            {
                DateTimeOffset now = ports.Clock.UtcNow;
                string? problem = RenewalBudget.IsAcceptedByOrder(facts, now) ? null : ports.Store.Read(session => RenewalBudget.Problem(session, facts, charge, now.Year));
                found.Add(problem is null
                    ? New(facts, "Charge", PreflightSeverity.Information, $"The renewal costs {charge}, which {(RenewalBudget.IsAcceptedByOrder(facts, now) ? "its order" : $"policy {facts.Policy}")} accepts.", null)
                    : New(facts, "Charge", PreflightSeverity.Problem, $"The renewal costs {charge}, and {problem}.", $"Set-KmRenewalPolicy {facts.Policy?.Name ?? "paid"} -YearlyBudget ...") with { ErrorId = ErrorIds.ChargesNotAccepted });
            }
        }
        catch (KeyManagerException error)
        {
            found.Add(Of(facts, "Charge", error));
        }
    }

    private async Task AddAccountAsync(List<RenewalTest> found, RenewalFacts facts, CertificateOrder previous, IReporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            AuthorityAccount account = ports.Store.Read(session => Lookup.UsableAccount(session, previous.AccountId));
            found.Add(ports.Authorities.Get(account.Authority) is ICredentialTestAbility
                ? New(facts, "Account", PreflightSeverity.Information, await _accounts.TestAsync(account.Id, reporter, cancellationToken).ConfigureAwait(false), null)
                : New(facts, "Account", PreflightSeverity.Information, $"The account {account} can be used; its authority cannot try it out.", null));
            AddCredentialEnd(found, facts, "Account", CredentialEnd.Of(account, ports.Clock.UtcNow));
        }
        catch (KeyManagerException error)
        {
            found.Add(Of(facts, "Account", error));
        }
    }

    private static void AddCredentialEnd(List<RenewalTest> found, RenewalFacts facts, string subject, CredentialEnd? end)
    {
        if (end is not null)
        {
            found.Add(New(facts, subject, end.Term == 0 ? PreflightSeverity.Problem : PreflightSeverity.Warning, end.Message, end.Remedy) with { ErrorId = ErrorIds.CredentialRejected });
        }
    }

    /// <summary>The order that the renewal would place.</summary>
    private CertificateOrder? Preview(List<RenewalTest> found, RenewalFacts facts)
    {
        try
        {
            return facts.Begun ?? _renew.Preview(facts.Certificate.Id, RenewalChanges.Of(facts.Policy));
        }
        catch (KeyManagerException error)
        {
            found.Add(Of(facts, "Order", error));
            return null;
        }
    }

    private void AddProof(List<RenewalTest> found, RenewalFacts facts, CertificateOrder next)
    {
        if (ports.Authorities.Get(next.Authority).Description.ChallengeTypes.Count == 0)
        {
            return;
        }

        if (next.ChallengeType == ChallengeType.Email)
        {
            found.Add(New(facts, "Proof", facts.Certificate.NotAfter >= EmailProof.End ? PreflightSeverity.Problem : PreflightSeverity.Warning, EmailProof.Message(facts.Certificate.Name), EmailProof.Remedy));
            return; // people answer mails, nothing is published
        }

        if (ports.Store.Read(session => next.DnsAccount is null ? null : session.DnsAccounts.FindByName(next.DnsAccount)) is DnsAccount dns)
        {
            AddCredentialEnd(found, facts, "DnsAccount", CredentialEnd.Of(dns, ports.Clock.UtcNow));
        }

        if (next.WebRootPath is not null && !Directory.Exists(next.WebRootPath))
        {
            found.Add(New(facts, "Proof", PreflightSeverity.Problem, $"The folder '{next.WebRootPath}' of the web server is not there.", "Mount or make it, or order anew with another -WebRootPath.") with { ErrorId = ErrorIds.ChallengeNotPublished });
        }
        else if (next.ChallengeScript is not null && !File.Exists(next.ChallengeScript))
        {
            found.Add(New(facts, "Proof", PreflightSeverity.Problem, $"The script '{next.ChallengeScript}' is not there.", "Put it back, or order anew with another -ChallengeScript.") with { ErrorId = ErrorIds.ScriptFailed });
        }
        else if (next.WebRootPath is null && next.ChallengeScript is null && next.ListenAddress is null && next.DnsAccount is null && ports.Store.Read(session => session.DnsAccounts.List()).Count == 0)
        {
            found.Add(New(
                facts,
                "Proof",
                PreflightSeverity.Warning,
                "Nothing here publishes a proof by itself: no web root, no listener, no script, no DNS account. Where the authority asks for one, somebody has to publish it.",
                "Make a DNS account (New-KmDnsAccount) and name it: Set-KmRenewalPolicy -DnsAccount; or order anew with -WebRootPath, -ListenAddress or -ChallengeScript.") with { ErrorId = ErrorIds.ChallengeNotPublished });
        }
    }

    private void AddFallback(List<RenewalTest> found, RenewalFacts facts)
    {
        if (facts.Policy?.FallbackAccount is not string fallback)
        {
            return;
        }

        try
        {
            _renew.Preview(facts.Certificate.Id, RenewalChanges.Of(facts.Policy) with { Account = fallback });
            found.Add(New(facts, "Account", PreflightSeverity.Information, $"The account {fallback} could take over.", null));
        }
        catch (KeyManagerException error)
        {
            found.Add(Of(facts, "Account", error) with { Severity = PreflightSeverity.Warning, Message = $"The account {fallback} could not take over: {error.Message}" });
        }
    }

    /// <summary>A certificate that is renewed and not deployed ends just as well.</summary>
    private async Task AddTargetsAsync(List<RenewalTest> found, RenewalFacts facts, IScriptRunner? scripts, IReporter reporter, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> targets = ports.Store.Read(session => DeployAccess.TargetsOf(session, facts.Certificate));
        if (targets.Count > 0 && facts.Policy?.Deploys == false)
        {
            found.Add(New(facts, "Target", PreflightSeverity.Warning, $"The policy {facts.Policy} deploys nothing, although {string.Join(", ", targets)} are mapped.", $"Set-KmRenewalPolicy {facts.Policy} -Deploy $true"));
            return;
        }

        found.AddRange(await Concurrent.SelectAsync(targets, AtOnce, target => OfTargetAsync(facts, target, scripts, reporter, cancellationToken), cancellationToken).ConfigureAwait(false));
    }

    private async Task<RenewalTest> OfTargetAsync(RenewalFacts facts, string target, IScriptRunner? scripts, IReporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            DeployTargetTest test = await _targets.TestAsync(target, reporter, scripts, cancellationToken).ConfigureAwait(false);
            return test.IsWorking
                ? New(facts, "Target", PreflightSeverity.Information, $"The target {target} takes deployments: {string.Join("; ", test.Evidence)}.", null)
                : New(facts, "Target", PreflightSeverity.Problem, $"The target {target} takes no deployment: {test.Problem}", test.Remedy) with { ErrorId = test.ErrorId };
        }
        catch (KeyManagerException error)
        {
            return Of(facts, "Target", error);
        }
    }

    private void AddStore(List<RenewalTest> found, RenewalFacts facts)
    {
        IReadOnlyList<KeyProtector> protectors = ports.Store.Protection.List();
        if (protectors.All(p => p.Kind == KeyProtectorKind.Passphrase))
        {
            found.Add(New(
                facts,
                "Store",
                PreflightSeverity.Problem,
                "The store is protected by a passphrase only, which a task has nobody to type.",
                "Add a protector that needs nobody: Add-KmKeyProtector -KeyFilePath, or on Windows data protection.") with { ErrorId = ErrorIds.StoreLocked });
        }
    }

    private async Task AddTaskAsync(List<RenewalTest> found, RenewalFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<RenewalTask> tasks = await _tasks.ListAsync(cancellationToken).ConfigureAwait(false);
            string path = ports.Store.GetInfo().Path;
            RenewalTask? task = tasks.FirstOrDefault(t => t.Script.IndexOf(path, StringComparison.Ordinal) >= 0);
            DateTimeOffset? last = ports.Store.Read(session => session.Renewals.LastSweep());
            string lately = last is DateTimeOffset at ? $"the last run was at {RenewalTimes.Moment(at)}" : "it never ran";
            bool isFresh = last > ports.Clock.UtcNow.AddDays(-2);
            found.Add(task is not null
                ? New(facts, "Task", isFresh ? PreflightSeverity.Information : PreflightSeverity.Warning, $"The task {task} runs Invoke-KmRenewal for this store; {lately}.", isFresh ? null : "Look into the log of the task.")
                : New(facts, "Task", isFresh ? PreflightSeverity.Information : PreflightSeverity.Warning, $"No task that this user can see runs Invoke-KmRenewal for this store; {lately}.", isFresh ? null : "Register-KmRenewalTask"));
        }
        catch (KeyManagerException error)
        {
            found.Add(Of(facts, "Task", error) with { Severity = PreflightSeverity.Warning });
        }
    }

    private static RenewalTest Of(RenewalFacts facts, string subject, KeyManagerException error) =>
        New(facts, subject, PreflightSeverity.Problem, error.Message, error.Remedy) with { ErrorId = error.ErrorId };

    private static RenewalTest New(RenewalFacts facts, string subject, PreflightSeverity severity, string message, string? remedy) => new()
    {
        Name = facts.Certificate.Name,
        CertificateId = facts.Certificate.Id,
        Subject = subject,
        Severity = severity,
        Message = message,
        Remedy = remedy,
    };
}
