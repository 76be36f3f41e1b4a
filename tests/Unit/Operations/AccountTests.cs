using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

/// <summary>Accounts are made by RegisterAccount and changed by ChangeAccount.</summary>
public sealed class AccountTests : OperationTests
{
    [Fact]
    public async Task The_first_account_is_the_default_and_a_later_one_when_asked_for()
    {
        Assert.True((await Bench.AddAccountAsync("one")).IsDefault);
        Assert.False((await Bench.AddAccountAsync("two")).IsDefault);
        AccountRequest third = new() { Id = Identifier.New(), Name = "three" };
        Assert.True((await Bench.Services.RegisterAccount.RunAsync("local", third, makeDefault: true, Bench.Reporter, CancellationToken.None)).IsDefault);
        Assert.Equal("three", Bench.Store.Read(s => s.Accounts.List()).Single(a => a.IsDefault).Name);
        Assert.True(WasAudited("AccountCreated", third.Id));
    }

    [Fact]
    public async Task A_name_that_is_taken_and_an_authority_that_is_not_known_are_refused()
    {
        await Bench.AddAccountAsync("one");
        await RefusesAsync<ConflictException>(ErrorIds.AccountAlreadyExists, "'ONE'", () => Bench.AddAccountAsync("ONE"));
        AccountRequest request = new() { Id = Identifier.New(), Name = "two" };
        await RefusesAsync<NotFoundException>(
            ErrorIds.AuthorityNotFound, "'Nobody'", () => Bench.Services.RegisterAccount.RunAsync("Nobody", request, false, Bench.Reporter, CancellationToken.None));
        await RefusesAsync<InvalidRequestException>(
            ErrorIds.AuthorityCannot, "Plain authority", () => Bench.Services.RegisterAccount.RunAsync("Plain", request, false, Bench.Reporter, CancellationToken.None));
    }

    [Fact]
    public async Task A_new_name_shows_on_orders_and_certificates_saved_or_not()
    {
        AuthorityAccount account = await Bench.AddAccountAsync("old");
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        await Bench.RenewAsync(first);
        CertificateOrder unsaved = await Bench.CompleteAsync(await Bench.PlaceAsync("mail.contoso.com"), save: false);
        await ChangeAsync("OLD", newName: "new");
        Assert.All(Bench.Orders(), o => Assert.Equal("new", o.Account));
        Assert.Equal(["new", "new", "new"], new[] { first.Id, Bench.Listed().Single().Id, unsaved.CertificateId! }.Select(id => Bench.Certificate(id).Account));
        Assert.Equal(account.Id, Bench.Services.Inventory.ResolveAccount("new").Id);
        Assert.Equal(OrderStatus.Saved, (await Bench.RenewAsync(Bench.Listed().Single())).Status);
    }

    [Fact]
    public async Task A_new_name_that_is_taken_is_refused()
    {
        await Bench.AddAccountAsync("one");
        await Bench.AddAccountAsync("two");
        await RefusesAsync<ConflictException>(ErrorIds.AccountAlreadyExists, "'One'", () => ChangeAsync("two", newName: "One"));
    }

    [Fact]
    public async Task Settings_are_changed_one_by_one_and_contacts_replaced()
    {
        await Bench.AddAccountAsync("one", ("ValidityDays", "30"));
        AuthorityAccount changed = await ChangeAsync("one", settings: new() { ["maxvaliditydays"] = "60" }, contact: ["admin@contoso.com"]);
        Assert.Equal(("30", "60"), (changed.Settings["ValidityDays"], changed.Settings["MaxValidityDays"]));
        Assert.Equal(["admin@contoso.com"], changed.Contact);
        Assert.Equal(["admin@contoso.com"], (await ChangeAsync("one", newName: "two")).Contact);
        await RefusesAsync<InvalidRequestException>(ErrorIds.InvalidSetting, "Colour", () => ChangeAsync("two", settings: new() { ["Colour"] = "blue" }));
    }

    [Fact]
    public async Task The_default_can_be_given_to_another()
    {
        await Bench.AddAccountAsync("one");
        await Bench.AddAccountAsync("two");
        Assert.True((await ChangeAsync("two", makeDefault: true)).IsDefault);
        Assert.Equal("two", (await Bench.PlaceAsync("www.contoso.com")).Account);
    }

    [Fact]
    public async Task Several_accounts_and_no_default_are_named_in_the_remedy()
    {
        await Bench.AddAccountAsync("one");
        await Bench.AddAccountAsync("two");
        await Bench.AddAccountAsync("three");
        Bench.Services.ChangeAccount.Remove("one", Bench.Reporter);
        NotFoundException e = await RefusesAsync<NotFoundException>(ErrorIds.AccountNotFound, "none is the default", () => Bench.PlaceAsync("www.contoso.com"));
        Assert.Contains("three, two", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deactivated_account_stays_known_and_works_no_more()
    {
        AuthorityAccount account = await Bench.AddAccountAsync("one");
        await Bench.Services.ChangeAccount.DeactivateAsync("one", Bench.Reporter, CancellationToken.None);
        AuthorityAccount stored = Bench.Store.Read(s => s.Accounts.Find(account.Id))!;
        Assert.Equal((AccountStatus.Deactivated, false), (stored.Status, stored.IsDefault));
        Assert.True(WasAudited("AccountDeactivated", account.Id));
        await RefusesAsync<ConflictException>(ErrorIds.AccountDeactivated, "one", () => Bench.Services.ChangeAccount.DeactivateAsync("one", Bench.Reporter, CancellationToken.None));
        await RefusesAsync<ConflictException>(ErrorIds.AccountDeactivated, "one", () => ChangeAsync("one", newName: "two"));
        await RefusesAsync<ConflictException>(ErrorIds.AccountAlreadyExists, "one", () => Bench.AddAccountAsync("one"));
    }

    [Fact]
    public async Task An_account_goes_with_its_secrets_and_that_it_stays_at_the_authority_is_said()
    {
        AuthorityAccount account = await Bench.AddAccountAsync("one");
        Bench.Services.ChangeAccount.Remove("one", Bench.Reporter);
        Assert.Equal(0, Count("secrets"));
        Assert.Contains("removed here only", Assert.Single(Bench.Reporter.Warnings), StringComparison.Ordinal);
        Assert.True(WasAudited("AccountRemoved", account.Id));
    }

    [Fact]
    public async Task An_account_that_open_orders_need_stays()
    {
        await Bench.AddAccountAsync("one");
        CertificateOrder order = await Bench.PlaceAsync("www.contoso.com");
        ConflictException e = Refuses<ConflictException>(ErrorIds.AccountInUse, order.Id, () => Bench.Services.ChangeAccount.Remove("one", Bench.Reporter));
        Assert.Contains("Get-KmCertificateOrder", e.Remedy, StringComparison.Ordinal);
        await Bench.CompleteAsync(order);
        Bench.Services.ChangeAccount.Remove("one", Bench.Reporter);
    }

    [Fact]
    public async Task The_root_is_written_for_clients_and_replaced_only_when_asked_for()
    {
        await Bench.AddAccountAsync("one");
        string path = Bench.File("root.crt");
        ExportedFile file = Bench.Services.ChangeAccount.ExportTrustAnchor("one", path, includeIssuing: false, overwrite: false, Bench.Reporter);
        Assert.Equal(("Root", false), (file.Content, file.IsPrivate));
        Assert.True(Bench.Certificates.ReadAll(File.ReadAllBytes(path), path).Single().IsSelfSigned);
        Fails<ConflictException>(ErrorIds.FileExists, path, () => Bench.Services.ChangeAccount.ExportTrustAnchor("one", path, true, false, Bench.Reporter));
        Bench.Services.ChangeAccount.ExportTrustAnchor("one", path, includeIssuing: true, overwrite: true, Bench.Reporter);
        Assert.Equal(2, Bench.Certificates.ReadAll(File.ReadAllBytes(path), path).Count);
        Bench.AddScripted(Bench.Plain);
        Fails<InvalidRequestException>(ErrorIds.AuthorityCannot, "Plain authority", () => Bench.Services.ChangeAccount.ExportTrustAnchor("scripted", path, false, true, Bench.Reporter));
    }

    [Fact]
    public async Task Trying_out_needs_an_authority_that_can()
    {
        Bench.AddScripted(Bench.Plain);
        await RefusesAsync<InvalidRequestException>(
            ErrorIds.AuthorityCannot, "Plain authority", () => Bench.Services.ChangeAccount.TestAsync("scripted", Bench.Reporter, CancellationToken.None));
    }

    private Task<AuthorityAccount> ChangeAsync(
        string account, string? newName = null, Dictionary<string, string>? settings = null, string[]? contact = null, bool makeDefault = false) =>
        Bench.Services.ChangeAccount.UpdateAsync(account, newName, contact, settings, makeDefault, Bench.Reporter, CancellationToken.None);
}
