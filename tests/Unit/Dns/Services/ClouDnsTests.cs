using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Dns.Services.ClouDns;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

public sealed class ClouDnsTests : DnsProviderContract
{
    private readonly FakeClouDns _service;
    private readonly HttpChannels _channels = new();

    public ClouDnsTests()
    {
        _service = new FakeClouDns(Clock);
        Provider = new ClouDnsProvider(_channels, Clock);
    }

    private protected override IDnsProvider Provider { get; }

    protected override bool HasQuotes => false;

    protected override int Requests => _service.Calls.Count;

    public override void Dispose()
    {
        _channels.Dispose();
        _service.Dispose();
        GC.SuppressFinalize(this);
    }

    // A read, one for each value, and the question whether all servers have it.
    protected override int MostRequests(int names) => names + 2;

    protected override void AddZone(string zone) => _service.AddZone(zone);

    protected override void Seed(string name, string type, params string[] values) => values.ToList().ForEach(v => _service.Seed(name, type, v));

    protected override IReadOnlyList<string> Values(string name, string type) => _service.Zones.Values(name, type);

    protected override void Throttle(int times) => _service.Throttle(times);

    private protected override DnsContext NewContext() => Context(_service.Settings, _service.Secrets);

    private protected override DnsContext NewWrongContext() => Context(_service.Settings, new Dictionary<string, string> { [ClouDnsSettings.AuthPassword] = WrongSecret });

    [Theory]
    [InlineData(ClouDnsSettings.SubAuthId, FakeClouDns.SubAuthId)]
    [InlineData(ClouDnsSettings.SubAuthUser, FakeClouDns.SubAuthUser)]
    public async Task A_sub_user_changes_the_zones_that_are_delegated_to_it(string setting, string user)
    {
        AddZone(Zone);
        AddZone("fabrikam.test");
        _service.Delegated.Add(Zone);
        DnsContext context = As(setting, user);
        Provider.Check(context);
        await ChangeAsync(context, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
        Assert.Empty(await Provider.FindZonesAsync(context, ["_acme-challenge.fabrikam.test"], Token));
    }

    [Theory]
    [InlineData(ClouDnsSettings.AuthId, "12346", "auth-id")]
    [InlineData(ClouDnsSettings.SubAuthId, "778", "sub-auth-id")]
    [InlineData(ClouDnsSettings.SubAuthUser, "nobody", "sub-auth-user")]
    public async Task A_refused_user_is_no_missing_zone(string setting, string user, string said)
    {
        AddZone(Zone);
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => Provider.FindZonesAsync(As(setting, user), [Name], Token));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("paid", error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeClouDns.Password, error.ToString(), StringComparison.Ordinal);
        Assert.Single(_service.Calls);
    }

    [Fact]
    public async Task The_password_stands_in_no_address_and_in_no_step()
    {
        AddZone(Zone);
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.All(_service.Calls, c => Assert.DoesNotContain("p%2Bw", c.Target, StringComparison.Ordinal));
        Assert.NotEmpty(Reporter.Steps);
        Assert.All(Reporter.Steps, s => Assert.DoesNotContain("p%2Bw", s, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AuthId", "admin")]
    [InlineData("SubAuthId", "certificates")]
    public void A_user_id_that_is_no_number_is_refused(string setting, string value) =>
        Assert.Equal(ErrorIds.InvalidSetting, Assert.Throws<InvalidRequestException>(() => Provider.Check(As(setting, value))).ErrorId);

    [Fact]
    public void Only_the_times_to_live_that_the_service_has_are_taken()
    {
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => SettingRules.Check(Provider.Description.Settings, [new(DnsSettings.Ttl, "120")], "ClouDns"));
        Assert.Contains("60, 300, 900", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_have_the_time_to_live_of_the_account_and_an_empty_host_at_the_zones_own_name()
    {
        AddZone(Zone);
        await ApplyAsync(Name, Add(Name, "proof"));
        Dictionary<string, string> settings = _service.Settings.ToDictionary(s => s.Key, s => s.Value);
        settings[DnsSettings.Ttl] = "300";
        await ChangeAsync(Context(settings, _service.Secrets), Add(Zone, "proof"));
        Assert.Equal([("_acme-challenge.www", "60"), ("", "300")], _service.Written(Zone));
    }

    [Fact]
    public async Task It_waits_until_every_server_has_the_records()
    {
        AddZone(Zone);
        _service.Behind = 5;
        DateTimeOffset start = Clock.UtcNow;
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.InRange((Clock.UtcNow - start).TotalSeconds, 10, 13);
        Assert.Empty(Reporter.Warnings);

        int before = _service.Calls.Count(c => c.Target.Contains("update-status"));
        await ApplyAsync(Name, Remove(Name, "proof"));
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Equal(before, _service.Calls.Count(c => c.Target.Contains("update-status")));
    }

    [Fact]
    public async Task A_server_that_stays_behind_is_named_in_a_warning()
    {
        AddZone(Zone);
        _service.Behind = int.MaxValue;
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Contains("dns2.cloudns.test", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
        Assert.InRange(Clock.Delays.Sum(d => d.TotalSeconds), 170, 190);
    }

    [Fact]
    public async Task A_list_of_no_servers_is_not_taken_for_done()
    {
        AddZone(Zone);
        _service.Status = FakeClouDns.Json(Array.Empty<object>());
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Single(Reporter.Warnings);
    }

    [Fact]
    public async Task A_user_who_is_not_told_the_state_of_the_servers_goes_on()
    {
        AddZone(Zone);
        _service.Status = FakeClouDns.Fail("You have no access to this method.");
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
        Assert.Empty(Reporter.Warnings);
    }

    [Fact]
    public async Task Nothing_is_waited_for_when_nobody_wants_to_look()
    {
        AddZone(Zone);
        _service.Behind = int.MaxValue;
        Dictionary<string, string> settings = _service.Settings.ToDictionary(s => s.Key, s => s.Value);
        settings[DnsSettings.Resolver] = "None";
        await ChangeAsync(Context(settings, _service.Secrets), Add(Name, "proof"));
        Assert.DoesNotContain(_service.Calls, c => c.Target.Contains("update-status"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_record_whose_answer_got_lost_is_not_added_twice(int lost)
    {
        AddZone(Zone);
        _service.LostAnswers = lost;
        await ApplyAsync(Name, Add(Name, "one"), Add(Name, "two"), Add(Zone, "three"), Add(Zone, "four"));
        Assert.Equal(["one", "two"], Values(Name, "TXT").OrderBy(v => v));
        Assert.Equal(["four", "three"], Values(Zone, "TXT").OrderBy(v => v));
    }

    [Fact]
    public async Task A_service_in_trouble_is_an_error_in_the_end_and_no_loop()
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.Next(100, call => call.Target.Contains("add-record") ? new HttpAnswer(503) : FakeClouDns.Json(Array.Empty<object>()));
        TransportException error = await Assert.ThrowsAsync<TransportException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token));
        Assert.Equal(ErrorIds.DnsUnavailable, error.ErrorId);
        Assert.InRange(_service.Calls.Count, 5, 20);
    }

    [Fact]
    public async Task The_records_of_a_cloud_domain_are_changed_in_its_master()
    {
        AddZone("master.test");
        _service.AddZone(Zone, "cloud", "master.test", "1");
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        Assert.Equal(new HostedZone("master.test", Zone), zone);
        await Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token);
        Assert.Equal([("_acme-challenge.www", "60")], _service.Written("master.test"));
        await Provider.ApplyAsync(NewContext(), zone, [Remove(Name, "proof")], Token);
        Assert.Empty(_service.Written("master.test"));
    }

    [Fact]
    public async Task A_copy_of_a_zone_is_not_ours_to_change_and_hides_the_zone_above()
    {
        AddZone(Zone);
        _service.AddZone("sub.contoso.test", "slave", null, "1");
        IReadOnlyDictionary<string, HostedZone> found = await Provider.FindZonesAsync(NewContext(), ["_acme-challenge.sub.contoso.test", Name], Token);
        Assert.Equal([Name], found.Keys);
    }

    [Fact]
    public async Task A_zone_that_is_switched_off_comes_with_a_warning()
    {
        _service.Zones.AddZone(Zone);
        _service.AddZone(Zone, "master", null, "0");
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Contains("switched off", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Missing domain-name", ErrorIds.DnsZoneNotFound)]
    [InlineData("Invalid authentication, incorrect user ID or password.", ErrorIds.DnsCredentialRejected)]
    [InlineData("Missing or wrong TTL.", ErrorIds.DnsChangeRefused)]
    [InlineData("You cannot add this record, a CNAME record is there.", ErrorIds.DnsNameOccupied)]
    [InlineData("Request blocked. 192.0.2.7 is sending more than 20 requests per second.", ErrorIds.RateLimited)]
    public async Task Each_no_at_status_200_becomes_an_error_that_says_what_to_do(string description, string id)
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.Next(1, _ => FakeClouDns.Json(Array.Empty<object>())); // the read goes well
        _service.Next(5, _ => FakeClouDns.Fail(description));
        KeyManagerException error = await Assert.ThrowsAnyAsync<KeyManagerException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token));
        Assert.Equal(id, error.ErrorId);
        Assert.NotNull(error.Remedy);
        Assert.Contains(id == ErrorIds.RateLimited ? "records" : description, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>Sign in to this network</html>", ErrorIds.DnsAnswerUnreadable)]
    [InlineData(200, "", ErrorIds.DnsAnswerUnreadable)]
    [InlineData(200, "true", ErrorIds.DnsAnswerUnreadable)]
    [InlineData(200, "[{\"id\":\"1\"}]", ErrorIds.DnsAnswerUnreadable)]
    [InlineData(200, "{\"1\":{\"type\":\"TXT\"}}", ErrorIds.DnsAnswerUnreadable)]
    [InlineData(200, "{\"1\":5}", ErrorIds.DnsAnswerUnreadable)]
    [InlineData(200, "{\"status\":0,\"message\":\"No such sub user.\"}", ErrorIds.DnsChangeRefused)]
    [InlineData(403, "<html>blocked</html>", ErrorIds.DnsChangeRefused)]
    public async Task What_is_no_answer_of_the_interface_is_an_error_of_ours(int status, string body, string id)
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.Next(1, _ => new HttpAnswer(status).With("Content-Type", "application/json").WithBody(body));
        Assert.Equal(id, (await Assert.ThrowsAnyAsync<KeyManagerException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token))).ErrorId);
    }

    [Theory]
    [InlineData("with \"quotes\"")]
    [InlineData("with `backticks`")]
    [InlineData("with a blank at its end ")]
    [InlineData("bücher")]
    public async Task A_text_that_the_service_would_spoil_is_refused_before_anything_is_written(string value)
    {
        AddZone(Zone);
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, Add(Zone, "good"), Add(Name, value)));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Empty(Values(Zone, "TXT"));
    }

    [Fact]
    public async Task Values_that_look_like_options_or_differ_in_letter_case_are_taken_as_they_are()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "-ABC", "-abc_");
        await ApplyAsync(Name, Add(Name, "-abc"));
        await ApplyAsync(Name, Remove(Name, "-ABC"));
        Assert.Equal(["-abc", "-abc_"], Values(Name, "TXT").OrderBy(v => v, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_zone_that_is_gone_is_looked_for_anew()
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.RemoveZone(Zone);
        Assert.Equal(ErrorIds.DnsZoneNotFound, (await Assert.ThrowsAsync<NotFoundException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token))).ErrorId);
        Assert.Empty(await Provider.FindZonesAsync(NewContext(), [Name], Token));
    }

    private DnsContext As(string setting, string user) =>
        Context(new Dictionary<string, string> { [DnsSettings.BaseUrl] = _service.Url.AbsoluteUri, [setting] = user }, _service.Secrets);

    private async Task ChangeAsync(DnsContext context, params RecordChange[] changes) =>
        await Provider.ApplyAsync(context, (await Provider.FindZonesAsync(context, [changes[0].Name], Token))[changes[0].Name], changes, Token);
}
