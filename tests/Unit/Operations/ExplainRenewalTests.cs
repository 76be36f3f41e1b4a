using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class ExplainRenewalTests : OperationTests
{
    [Fact]
    public async Task What_is_well_has_no_problem_and_changes_nothing()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        string before = Contents();
        IReadOnlyList<RenewalTest> found = await ExplainAsync(certificate);
        Assert.DoesNotContain(found, f => f.Severity == PreflightSeverity.Problem);
        Assert.Contains(found, f => f.Subject == "Plan" && f.Message.StartsWith("not due", StringComparison.Ordinal));
        Assert.Contains(found, f => f.Subject == "Account");
        Assert.Contains(found, f => f.Subject == "Task" && f.Severity == PreflightSeverity.Warning);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public async Task Everything_that_will_fail_is_told_at_once()
    {
        AuthorityAccount account = Bench.AddScripted(Bench.Able);
        Certificate certificate = await Bench.GetCertificateAsync(new OrderRequest { DomainNames = Names("www.test"), ChallengeScript = "/nowhere/proof.ps1" });
        AuthorityAccount second = Bench.AddScripted(Bench.Plain, "second");
        Bench.Services.RenewalPolicies.Set("web", p => p with { FallbackAccount = "second" }, Bench.Reporter);
        Bench.Store.Write(s => s.Accounts.Update(second with { Status = AccountStatus.Deactivated }));
        Bench.Store.Write(s => s.Accounts.Update(account with { Status = AccountStatus.Deactivated }));

        IReadOnlyList<RenewalTest> found = await ExplainAsync(certificate);

        Assert.Equal(PreflightSeverity.Problem, found[0].Severity);
        Assert.Contains(found, f => f is { Subject: "Account", ErrorId: ErrorIds.AccountDeactivated, Severity: PreflightSeverity.Problem });
        Assert.Contains(found, f => f is { Subject: "Account", Severity: PreflightSeverity.Warning } && f.Message.Contains("second", StringComparison.Ordinal));
        Assert.All(found.Where(f => f.Severity == PreflightSeverity.Problem), f => Assert.False(string.IsNullOrEmpty(f.Remedy), f.Message));
    }

    [Fact]
    public async Task A_script_that_is_gone_and_a_store_that_nobody_unlocks_are_problems()
    {
        Bench.AddScripted(Bench.Able);
        Certificate certificate = await Bench.GetCertificateAsync(new OrderRequest { DomainNames = Names("www.test"), ChallengeScript = "/nowhere/proof.ps1" });
        KeyProtector file = Bench.Store.Protection.List().Single();
        Bench.Store.Protection.Add(new KeyProtectorRequest(KeyProtectorKind.Passphrase, Passphrase: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
        Bench.Store.Protection.Remove(file.Id);
        IReadOnlyList<RenewalTest> found = await ExplainAsync(certificate);
        Assert.Contains(found, f => f is { Subject: "Proof", ErrorId: ErrorIds.ScriptFailed });
        Assert.Contains(found, f => f is { Subject: "Store", ErrorId: ErrorIds.StoreLocked });
    }

    [Fact]
    public async Task Credentials_that_end_are_told()
    {
        AuthorityAccount account = Bench.AddScripted(Bench.Able);
        Bench.Store.Write(s => s.Accounts.Update(account with { Settings = new Dictionary<string, string> { [AccountSettings.CredentialExpires] = "2026-03-20" } }));
        Certificate certificate = await Bench.GetCertificateAsync(new OrderRequest { DomainNames = Names("www.test") });
        IReadOnlyList<RenewalTest> found = await ExplainAsync(certificate);
        Assert.Contains(found, f => f is { Subject: "Account", Severity: PreflightSeverity.Warning } && f.Message.Contains("end on 2026-03-20", StringComparison.Ordinal));
        Bench.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Contains(await ExplainAsync(certificate), f => f is { Subject: "Account", Severity: PreflightSeverity.Problem } && f.Message.Contains("have ended on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Targets_are_tried_out_and_a_policy_that_leaves_them_alone_is_told()
    {
        Bench.UseTargets();
        string folder = Bench.AddTarget("web01", "www.test");
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        RenewalTest missing = Assert.Single(await ExplainAsync(certificate), f => f.Subject == "Target");
        Assert.Equal(PreflightSeverity.Problem, missing.Severity);
        Assert.Contains(folder, missing.Message, StringComparison.Ordinal);

        System.IO.Directory.CreateDirectory(folder);
        Assert.Equal(PreflightSeverity.Information, Assert.Single(await ExplainAsync(certificate), f => f.Subject == "Target").Severity);
        Assert.Empty(System.IO.Directory.GetFileSystemEntries(folder));

        Bench.Services.RenewalPolicies.Set("bare", p => p with { Deploys = false }, Bench.Reporter);
        Assert.Equal(PreflightSeverity.Warning, Assert.Single(await ExplainAsync(certificate), f => f.Subject == "Target").Severity);
    }

    [Fact]
    public async Task What_was_imported_or_switched_off_or_failed_says_so()
    {
        Certificate imported = Some.Certificate("imported.test");
        StoreExtensions.Write(Bench.Store, s => s.Certificates.Add(imported with { Origin = OrderOrigin.Imported }, []));
        Assert.Equal((PreflightSeverity.Problem, "Plan"), ((await ExplainAsync(imported))[0].Severity, (await ExplainAsync(imported))[0].Subject));

        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        Bench.Services.RenewalPolicies.Set("off", p => p with { IsEnabled = false }, Bench.Reporter);
        Assert.Contains("switched off", (await ExplainAsync(certificate))[0].Message, StringComparison.Ordinal);
        Assert.Contains("Enable-KmRenewalPolicy", (await ExplainAsync(certificate))[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rehearsal_goes_to_the_staging_system_and_leaves_nothing()
    {
        AuthorityAccount real = Bench.AddScripted(Bench.Able);
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        RenewalTest none = await RehearseAsync(certificate);
        Assert.Equal(("Rehearsal", PreflightSeverity.Warning), (none.Subject, none.Severity));
        Assert.Contains("-Environment Staging", none.Remedy, StringComparison.Ordinal);

        AuthorityAccount staging = Bench.AddScripted(Bench.Able, "trial");
        Bench.Store.Write(s => s.Accounts.Update(staging with { Environment = AuthorityEnvironment.Staging }));
        string before = WithoutAudit();
        RenewalTest worked = await RehearseAsync(certificate);
        Assert.Equal(PreflightSeverity.Information, worked.Severity);
        Assert.Contains("trial", worked.Message, StringComparison.Ordinal);
        Assert.Equal(before, WithoutAudit());
        Assert.Equal(2, Bench.Able.Placed.Count);
        Assert.Equal(certificate.Id, Bench.Store.Read(s => s.Certificates.FindCurrent("www.test"))!.Id);

        // Where the account is one of a staging system, it rehearses for itself.
        Bench.Store.Write(s => s.Accounts.Update(real with { Environment = AuthorityEnvironment.Staging }));
        Assert.Contains("scripted", (await RehearseAsync(certificate)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rehearsal_that_fails_says_why_and_leaves_nothing()
    {
        Bench.AddScripted(Bench.Able);
        Certificate certificate = await Bench.GetCertificateAsync("www.test");
        Bench.AddScripted(Bench.Plain, "other");
        Bench.Plain.Before = call => throw new AuthorityException(ErrorIds.AuthorityRejected, "It says no.") { Remedy = "Ask it." };
        string before = WithoutAudit();
        RenewalTest failed = await RehearseAsync(certificate, "other");
        Assert.Equal((PreflightSeverity.Problem, ErrorIds.AuthorityRejected, "Ask it."), (failed.Severity, failed.ErrorId, failed.Remedy));
        Assert.Equal(before, WithoutAudit());
        await FailsAsync<NotFoundException>(ErrorIds.AccountNotFound, "nix", () => RehearseAsync(certificate, "nix"));
    }

    [Fact]
    public async Task What_is_held_by_its_order_says_how_to_let_it_go()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync(new OrderRequest { DomainNames = Names("www.test"), AutoRenew = false });
        RenewalTest plan = (await ExplainAsync(certificate)).Single(f => f.Subject == "Plan");
        Assert.Equal((PreflightSeverity.Problem, "Set-KmCertificateOrder www.test -AutoRenew $true"), (plan.Severity, plan.Remedy));
    }

    private string WithoutAudit() => Contents().Substring(0, Contents().IndexOf("audit_log", StringComparison.Ordinal));

    private Task<RenewalTest> RehearseAsync(Certificate certificate, string? account = null) =>
        Bench.Services.ExplainRenewal.RehearseAsync(certificate.Id, account, new CompleteOrderOptions(), Bench.Reporter, CancellationToken.None);

    private Task<IReadOnlyList<RenewalTest>> ExplainAsync(Certificate certificate) => Bench.Services.ExplainRenewal.RunAsync(certificate.Id, null, null, Bench.Reporter, CancellationToken.None);
}
