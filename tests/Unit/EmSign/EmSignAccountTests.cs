using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Tests.Support.EmSign;
using KeyManager.Tests.Support.SslStore;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.EmSign;

/// <summary>Accounts and what emSign keeps for them.</summary>
public sealed class EmSignAccountTests : EmSignTests
{
    [Fact]
    public async Task An_account_is_linked_with_all_that_emSign_keeps_for_it()
    {
        AuthorityAccount account = await EmSign.AddAccountAsync();
        Assert.Equal(($"1234567890@127.0.0.1", AccountStatus.Valid), (account.AuthorityAccountId, account.Status));
        Assert.Contains("1234567890", await EmSign.Services.ChangeAccount.TestAsync("emsign", EmSign.Bench.Reporter, CancellationToken.None), StringComparison.Ordinal);
        Assert.Equal(["Empty", "Lab", "Web"], EmSign.Services.Directory.ListGroups("emsign").Select(g => g.Name));
        Assert.Equal(("500", true), (EmSign.Services.Directory.ListGroups(null).Single(g => g.Name == "Web").Balance, EmSign.Services.Directory.ListGroups(null).Single(g => g.Name == "Web").IsDefault));
        Organization[] organizations = [.. EmSign.Services.Directory.ListOrganizations("emsign")];
        Assert.Equal(["Contoso GmbH", "Fabrikam Ltd"], organizations.Select(o => o.Name));
        Assert.Equal(("Active, Validated, for EV and OV", "7654321", "Berlin"), (organizations[0].AuthorityStatus, organizations[0].AuthorityId, organizations[0].City));
        Assert.Equal(2, organizations[0].Groups.Count);
        Assert.Equal([("old.contoso.com", false), ("proved.contoso.com", true)], EmSign.Services.Directory.ListDomains("emsign").Select(d => (d.DomainName, d.IsValidated)));
        Assert.Equal(["842", "843", "844", "846", "850"], EmSign.Services.Catalog.List(account.Id).Select(p => p.Code).Order());
        Product wildcard = EmSign.Services.Catalog.List(account.Id).Single(p => p.Code == "843");
        Assert.Equal((ValidationType.DV, true, 0, 90m), (wildcard.ValidationType, wildcard.NeedsWildcard, wildcard.MaxAdditionalNames, wildcard.Prices.Single().Amount));
    }

    [Fact]
    public async Task Several_accounts_stand_side_by_side_and_sync_apart()
    {
        await EmSign.AddAccountAsync();
        AuthorityAccount second = await EmSign.RegisterAsync("second", EmSignServer.AccessKey, ("AccountNumber", EmSignServer.OtherAccountNumber));
        Assert.Empty(EmSign.Services.Directory.ListGroups("second"));
        await EmSign.Services.Directory.SyncAsync("second", DirectoryScope.Group, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Equal(3, EmSign.Services.Directory.ListGroups("second").Count);
        Assert.Empty(EmSign.Services.Directory.ListOrganizations("second"));
        Assert.Equal(6, EmSign.Services.Directory.ListGroups(null).Count);
        _ = await EmSign.Services.ChangeAccount.UpdateAsync("second", "renamed", null, null, false, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.All(EmSign.Services.Directory.ListGroups("renamed"), g => Assert.Equal("renamed", g.Account));
        EmSign.Services.ChangeAccount.Remove(second.Id, EmSign.Bench.Reporter);
        Assert.Equal(3, EmSign.Services.Directory.ListGroups(null).Count);
    }

    [Fact]
    public async Task A_wrong_key_a_wrong_number_and_a_wrong_address_say_what_is_wrong()
    {
        await RefusesAsync<CredentialException>(ErrorIds.CredentialRejected, "access key does not fit", () => EmSign.RegisterAsync("a", "wrong"));
        await RefusesAsync<CredentialException>(ErrorIds.CredentialRejected, "no account with this number", () => EmSign.RegisterAsync("b", EmSignServer.AccessKey, ("AccountNumber", "99")));
        await RefusesAsync<AuthorityException>(ErrorIds.AuthorityAnswerUnreadable, "/emSignHub-API/", () => EmSign.RegisterAsync("c", EmSignServer.AccessKey, ("BaseUrl", EmSign.Server.WrongUrl)));
        await RefusesAsync<CredentialException>(ErrorIds.CredentialRejected, "needs an access key", () => EmSign.RegisterAsync("d", ""));
        await RefusesAsync<InvalidRequestException>(ErrorIds.InvalidSetting, "not an account number", () => EmSign.RegisterAsync("e", "k", ("AccountNumber", "abc")));
        await RefusesAsync<InvalidRequestException>(ErrorIds.InvalidSetting, "public IP address", () => EmSign.RegisterAsync("f", "k", ("SignerAddress", "127.0.0.1")));
        await RefusesAsync<InvalidRequestException>(ErrorIds.InvalidSetting, "{domain}", () => EmSign.RegisterAsync("g", "k", ("TxtRecordName", "_x.contoso.com")));
    }

    [Fact]
    public async Task A_clock_that_is_wrong_is_named_with_both_times()
    {
        EmSign.Server.Skew = TimeSpan.FromHours(2);
        CredentialException error = await RefusesAsync<CredentialException>(ErrorIds.ClockWrong, "120 minutes apart", () => EmSign.RegisterAsync("a", EmSignServer.AccessKey));
        Assert.Contains("EMS-910", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_busy_answer_is_waited_out_with_a_fresh_mark_each_time()
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.Fail("ValidateCredentials", [.. Enumerable.Repeat(new EmSignFault(Code: 1154), 5)]);
        await EmSign.Services.ChangeAccount.TestAsync("emsign", EmSign.Bench.Reporter, CancellationToken.None);
        EmSign.Server.Fail("ValidateCredentials", [.. Enumerable.Repeat(new EmSignFault(Code: 1154), 6)]);
        await RefusesAsync<CredentialException>(ErrorIds.CredentialRejected, "not active", () => EmSign.Services.ChangeAccount.TestAsync("emsign", EmSign.Bench.Reporter, CancellationToken.None));
    }

    [Theory]
    [InlineData(947)]
    [InlineData(939)]
    public async Task A_used_transaction_id_and_an_internal_error_are_tried_once_more(int code)
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.Fail("ValidateCredentials", new EmSignFault(Code: code));
        await EmSign.Services.ChangeAccount.TestAsync("emsign", EmSign.Bench.Reporter, CancellationToken.None);
    }

    [Fact]
    public async Task What_is_gone_there_is_marked_here_and_comes_back()
    {
        await EmSign.AddAccountAsync();
        JArray all = (JArray)EmSign.Server.Groups.DeepClone();
        EmSign.Server.Groups.RemoveAt(1);
        EmSign.Server.Domains.RemoveAt(1); // one is left, and comes as an object and no list
        ((JArray)EmSign.Server.Products[0]["products"]!).RemoveAt(0);
        await EmSign.Services.Directory.SyncAsync("emsign", DirectoryScope.All, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Equal(["Lab"], EmSign.Services.Directory.ListGroups(null).Where(g => g.MissingSince is not null).Select(g => g.Name));
        Assert.Equal(["Fabrikam Ltd"], EmSign.Services.Directory.ListOrganizations(null).Where(g => g.MissingSince is not null).Select(g => g.Name));
        Assert.Equal(["old.contoso.com"], EmSign.Services.Directory.ListDomains(null).Where(g => g.MissingSince is not null).Select(g => g.DomainName));
        Assert.Equal(["842"], EmSign.Services.Catalog.List(EmSign.Account.Id).Where(g => g.MissingSince is not null).Select(g => g.Code));
        await RefusesAsync<NotFoundException>(ErrorIds.ProductNotFound, "no more", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")));
        await RefusesAsync<NotFoundException>(ErrorIds.DirectoryMismatch, "no more", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com") with { Product = "846", Organization = "Fabrikam Ltd" }));

        EmSign.Server.Groups = all;
        await EmSign.Services.Directory.SyncAsync("emsign", DirectoryScope.Group, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.DoesNotContain(EmSign.Services.Directory.ListGroups(null), g => g.MissingSince is not null);
    }

    [Fact]
    public async Task Before_an_order_what_is_older_than_a_week_is_fetched_again_and_used_when_it_cannot_be()
    {
        await EmSign.AddAccountAsync();
        int before = EmSign.Server.Calls.Count;
        await EmSign.Services.Directory.PrepareAsync(null, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Equal(before, EmSign.Server.Calls.Count);
        EmSign.Bench.Clock.Advance(TimeSpan.FromDays(8));
        await EmSign.Services.Directory.PrepareAsync(null, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Contains("GetDomainDetails", EmSign.Server.Calls.Skip(before));
        EmSign.Bench.Clock.Advance(TimeSpan.FromDays(8));
        EmSign.Server.Fail("GetGroupDetails", [.. Enumerable.Repeat(new EmSignFault(Status: 503), 4)]);
        await EmSign.Services.Directory.PrepareAsync(null, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Contains(EmSign.Bench.Reporter.Warnings, w => w.Contains("cannot be asked for now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_organization_that_cannot_be_asked_for_is_a_warning_and_stays_as_it_was()
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.Fail("GetOrganizationDetails", new EmSignFault(Code: 1075));
        await EmSign.Services.Directory.SyncAsync("emsign", DirectoryScope.Organization, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Equal("Berlin", EmSign.Services.Directory.ListOrganizations(null)[0].City);
        Assert.Contains(EmSign.Bench.Reporter.Warnings, w => w.Contains("Contoso GmbH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_requester_or_a_signer_the_order_says_what_to_set()
    {
        await EmSign.RegisterAsync("bare", EmSignServer.AccessKey);
        await EmSign.Services.Directory.LinkAsync("bare", EmSign.Bench.Reporter, CancellationToken.None);
        await RefusesAsync<InvalidRequestException>(ErrorIds.ContactRequired, "requester", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")));
        _ = EmSign.Services.Presets.Add(SslStoreBench.SomeContact("ops"));
        await RefusesAsync<InvalidRequestException>(ErrorIds.DetailsMissing, "agreement", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com") with { Requester = "ops" }));
        _ = EmSign.Services.Presets.Add(SslStoreBench.SomeContact("odd") with { Phone = "030 1234" });
        await RefusesAsync<InvalidRequestException>(ErrorIds.InvalidParameter, "country code", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com") with { Requester = "odd" }));
        Assert.Empty(EmSign.Server.Ledger);
        Assert.Empty(EmSign.Bench.Orders());
    }
}
