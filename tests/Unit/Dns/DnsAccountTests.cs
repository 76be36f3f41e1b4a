using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;
using Xunit;

namespace KeyManager.Tests.Dns;

/// <summary>The accounts with DNS services, and the mappings of domains to them.</summary>
public sealed class DnsAccountTests : IDisposable
{
    private readonly DnsBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("", "token", "", "", "needs Zones")]
    [InlineData("contoso.com", "", "", "", "needs credentials")]
    [InlineData("contoso.com", "", "", "key", "needs credentials")]
    [InlineData("contoso.com", "token", "me@contoso.com", "key", "one kind of credentials")]
    public void What_an_account_lacks_is_told_with_all_the_ways(string zones, string token, string email, string key, string problem)
    {
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => Add(new() { ["Zones"] = zones, ["Email"] = email }, ("ApiToken", token), ("ApiKey", key)));
        Assert.Equal(ErrorIds.InvalidSetting, error.ErrorId);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains("Get-KmProvider Fake", error.Remedy, StringComparison.Ordinal);
        Assert.True(zones.Length == 0 || error.Remedy!.Contains("Global key: -Email -ApiKey", StringComparison.Ordinal));
        Assert.Empty(_bench.Accounts.List());
    }

    [Fact]
    public void Settings_are_checked_and_a_secret_is_none_of_them()
    {
        Assert.Contains("'Banana' is no setting of", Assert.Throws<InvalidRequestException>(() => Add(new() { ["Zones"] = "x", ["Banana"] = "1" }, ("ApiToken", "t"))).Message, StringComparison.Ordinal);
        Assert.Contains("a number from 1 to 300", Assert.Throws<InvalidRequestException>(() => Add(new() { ["Zones"] = "x", ["Ttl"] = "301" }, ("ApiToken", "t"))).Remedy, StringComparison.Ordinal);
        InvalidRequestException secret = Assert.Throws<InvalidRequestException>(() => Add(new() { ["Zones"] = "x", ["apitoken"] = "canary-4711" }));
        Assert.Contains("-ApiToken (Read-Host -AsSecureString)", secret.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-4711", secret.ToString(), StringComparison.Ordinal);
        Assert.Contains("On the moon", Assert.Throws<InvalidRequestException>(() => Add(new() { ["Zones"] = "x", ["Region"] = "moon", ["Ttl"] = "1" }, ("ApiToken", "t"))).Message, StringComparison.Ordinal);
        Assert.Equal("Moon", Add(new() { ["Zones"] = "x", ["region"] = "moon" }, ("ApiToken", "t")).Settings["Region"]);
    }

    [Fact]
    public void A_name_is_there_once()
    {
        _bench.Add("a", "contoso.com");
        Assert.Equal(ErrorIds.DnsAccountAlreadyExists, Assert.Throws<ConflictException>(() => _bench.Add("A", "fabrikam.com")).ErrorId);
        Assert.Equal("contoso.com", Assert.Single(_bench.Accounts.List()).Settings["Zones"]);
    }

    [Fact]
    public void An_update_changes_what_is_named_and_fails_as_a_whole()
    {
        _bench.Add("a", "contoso.com");
        Assert.Equal("30", _bench.Accounts.Update("a", new Dictionary<string, string> { ["Ttl"] = "30" }, None, _bench.Bench.Reporter).Settings["Ttl"]);
        Assert.Throws<InvalidRequestException>(() => _bench.Accounts.Update("a", new Dictionary<string, string> { ["Ttl"] = "" }, Secrets(("ApiToken", "")), _bench.Bench.Reporter));
        DnsAccount account = _bench.Accounts.Resolve("a");
        Assert.Equal("30", account.Settings["Ttl"]);
        Assert.Equal("token of a", Secret(account, "ApiToken"));

        // From one kind of credentials to another in one step.
        account = _bench.Accounts.Update("a", new Dictionary<string, string> { ["Email"] = "me@contoso.com" }, Secrets(("ApiToken", ""), ("ApiKey", "key")), _bench.Bench.Reporter);
        Assert.Equal(["ApiKey"], account.Secrets);
        Assert.Null(Secret(account, "ApiToken"));
        Assert.Equal("key", Secret(account, "ApiKey"));
    }

    [Fact]
    public void Removing_forgets_the_secrets_and_everything_is_in_the_trail()
    {
        DnsAccount account = _bench.Add("a", "contoso.com");
        _bench.Accounts.SetEnabled("a", enabled: false);
        _bench.Accounts.SetEnabled("a", enabled: false);
        _bench.Map("contoso.com", "a");
        Assert.Equal(ErrorIds.DnsAccountInUse, Assert.Throws<ConflictException>(() => _bench.Accounts.Remove("a", evenInUse: false)).ErrorId);
        _bench.Bench.Services.DomainMappings.Remove("contoso.com");
        _bench.Accounts.Remove("a", evenInUse: false);
        Assert.Empty(_bench.Accounts.List());
        Assert.Null(Secret(account, "ApiToken"));
        Assert.Equal(
            ["DnsAccountAdded", "DnsAccountDisabled", "DomainMappingSet", "DomainMappingRemoved", "DnsAccountRemoved"],
            _bench.Bench.Audit().Reverse().Where(e => e.Category.StartsWith('D')).Select(e => e.Action));
    }

    [Fact]
    public async Task An_account_without_credentials_is_registered_where_the_service_does_so_and_kept_before_it_is_told()
    {
        using Services.FakeAcmeDns service = new(Clock.System);
        using KeyManager.Providers.Dns.Services.HttpChannels channels = new();
        _bench.Bench.DnsProviders = new KeyManager.Dns.DnsProviderRegistry([new KeyManager.Providers.Dns.Services.AcmeDns.AcmeDnsProvider(channels, Clock.System)]);
        DnsAccountRequest request = new() { Name = "www", Provider = "AcmeDns", Settings = new Dictionary<string, string> { ["BaseUrl"] = service.Url.AbsoluteUri } };
        DnsAccount account = await _bench.Accounts.AddAsync(request, _bench.Bench.Reporter, CancellationToken.None);
        Assert.Equal(["Password"], account.Secrets);
        Assert.Contains(account.Settings["FullDomain"], Assert.Single(_bench.Bench.Reporter.Warnings), StringComparison.Ordinal);
        Assert.Equal(account.Settings, _bench.Accounts.Resolve("www").Settings);
        Assert.False(string.IsNullOrEmpty(Secret(account, "Password")));
        int asked = service.Calls.Count;
        Assert.Equal(ErrorIds.DnsAccountAlreadyExists, (await Assert.ThrowsAsync<ConflictException>(() => _bench.Accounts.AddAsync(request, _bench.Bench.Reporter, CancellationToken.None))).ErrorId);
        Assert.Equal(asked, service.Calls.Count);
    }

    [Fact]
    public async Task A_test_writes_and_takes_away_and_leaves_others_alone()
    {
        _bench.Add("a", "contoso.com");
        _bench.Provider.Zones.AddZone("contoso.com");
        _bench.Provider.Zones.Seed("_acme-challenge.contoso.com", "TXT", "other");
        DnsAccountTest test = Assert.Single(await TestAsync("a", "*.contoso.com"));
        Assert.True(test.IsWorking);
        Assert.Equal(("contoso.com", "_acme-challenge.contoso.com"), (test.Zone, test.RecordName));
        Assert.Equal(["find a", "apply a contoso.com +1 -0", "apply a contoso.com +0 -1"], _bench.Provider.Calls);
        Assert.Equal(["other"], _bench.Provider.Zones.Values("_acme-challenge.contoso.com", "TXT"));
    }

    [Theory]
    [InlineData("find", "FindZone")]
    [InlineData("+1", "Write")]
    [InlineData("-1", "Remove")]
    public async Task A_test_says_which_step_failed_and_which_right_is_missing(string at, string step)
    {
        _bench.Add("a", "contoso.com");
        _bench.Provider.Before = (call, _) =>
        {
            if (call.Contains(at, StringComparison.Ordinal))
            {
                throw new CredentialException(ErrorIds.DnsRightMissing, "It may not.") { Remedy = "Give it the right." };
            }
        };
        DnsAccountTest test = Assert.Single(await TestAsync("a", "contoso.com"));
        Assert.Equal((false, step, ErrorIds.DnsRightMissing, "It may not.", "Give it the right."), (test.IsWorking, test.FailedStep, test.ErrorId, test.Problem, test.Remedy));
    }

    [Fact]
    public async Task A_test_without_domains_takes_those_that_are_mapped()
    {
        _bench.Add("a", "contoso.com,fabrikam.com");
        Assert.Equal(ErrorIds.InvalidParameter, (await Assert.ThrowsAsync<InvalidRequestException>(() => TestAsync("a"))).ErrorId);
        _bench.Map("contoso.com", "a");
        _bench.Map("tailspin.com", "a");
        IReadOnlyList<DnsAccountTest> tests = await TestAsync("a");
        Assert.Equal([("contoso.com", true), ("tailspin.com", false)], tests.Select(t => (t.DomainName, t.IsWorking)));
        Assert.Equal(ErrorIds.DnsZoneNotFound, tests[1].ErrorId);
        Assert.Contains("The right to change TXT records.", tests[1].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_keeps_what_is_not_named_and_refuses_what_says_nothing()
    {
        _bench.Add("a", "contoso.com");
        _bench.Map("Contoso.com.", "a");
        DomainMapping mapping = _bench.Map("contoso.com", null, "proofs.contoso.com");
        Assert.Equal(("contoso.com", "a", "proofs.contoso.com"), (mapping.DomainName, mapping.DnsAccount, mapping.RecordName));
        Assert.Null(_bench.Map("contoso.com", null, "").RecordName);
        Assert.Equal(ErrorIds.InvalidParameter, Assert.Throws<InvalidRequestException>(() => _bench.Map("contoso.com", "")).ErrorId);
        Assert.Equal(ErrorIds.InvalidParameter, Assert.Throws<InvalidRequestException>(() => _bench.Map("fabrikam.com", null, settings: ("Ttl", "5"))).ErrorId);
        Assert.Equal(ErrorIds.DnsAccountNotFound, Assert.Throws<NotFoundException>(() => _bench.Map("fabrikam.com", "none")).ErrorId);
        Assert.Equal(ErrorIds.InvalidDomainName, Assert.Throws<InvalidRequestException>(() => _bench.Map("not a name", "a")).ErrorId);
        Assert.Single(_bench.Bench.Services.DomainMappings.List());
        Assert.Equal(ErrorIds.DomainMappingNotFound, Assert.Throws<NotFoundException>(() => _bench.Bench.Services.DomainMappings.Remove("tailspin.com")).ErrorId);
    }

    [Fact]
    public async Task A_secret_of_a_mapping_goes_before_that_of_the_account()
    {
        _bench.Add("a", "contoso.com,fabrikam.com");
        _bench.Bench.Services.DomainMappings.Set("fabrikam.com", "a", null, new Dictionary<string, string> { ["Ttl"] = "5" }, Secrets(("ApiToken", "another")), _bench.Bench.Reporter);
        List<string> seen = [];
        _bench.Provider.Before = (call, context) => seen.Add($"{call.Split(' ')[0]} {context.GetSecretText("ApiToken")} {context.Setting("Ttl")}");
        await TestAsync("a", "fabrikam.com");
        Assert.Equal(["find another 5", "apply another 5", "apply another 5"], seen);
        seen.Clear();
        await TestAsync("a", "contoso.com");
        Assert.All(seen, s => Assert.Contains("token of a", s, StringComparison.Ordinal));
    }

    private static Dictionary<string, byte[]> None => [];

    private static Dictionary<string, byte[]> Secrets(params (string Name, string Value)[] secrets) => secrets.ToDictionary(s => s.Name, s => Encoding.UTF8.GetBytes(s.Value));

    private DnsAccount Add(Dictionary<string, string> settings, params (string Name, string Value)[] secrets) =>
        _bench.Accounts.Add(new DnsAccountRequest { Name = "x", Provider = "fake", Settings = settings, Secrets = Secrets(secrets) }, _bench.Bench.Reporter);

    private string? Secret(DnsAccount account, string name) =>
        _bench.Bench.Store.Read(s => s.Secrets.Get(SecretRef.DnsAccount(account.Id, name))) is byte[] secret ? Encoding.UTF8.GetString(secret) : null;

    private Task<IReadOnlyList<DnsAccountTest>> TestAsync(string account, params string[] names) =>
        _bench.Accounts.TestAsync(account, [.. names.Select(DomainName.Parse)], _bench.Bench.Reporter, null, CancellationToken.None);
}
