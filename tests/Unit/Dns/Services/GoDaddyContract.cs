using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Dns.Services.GoDaddy;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>What both interfaces of GoDaddy keep to.</summary>
public abstract class GoDaddyContract : DnsProviderContract
{
    private readonly HttpChannels _channels = new();

    protected GoDaddyContract(bool usesToken)
    {
        Service = new FakeGoDaddy(usesToken, Clock);
        Provider = new GoDaddyProvider(_channels, Clock);
    }

    private protected FakeGoDaddy Service { get; }

    private protected override IDnsProvider Provider { get; }

    protected override int Requests => Service.Calls.Count;

    public override void Dispose()
    {
        _channels.Dispose();
        Service.Dispose();
    }

    private protected override DnsContext NewContext() => Context(Service.Settings, Service.Secrets);

    private protected DnsContext Account(params (string Name, string Value)[] settings)
    {
        Dictionary<string, string> all = Service.Settings.ToDictionary(s => s.Key, s => s.Value);
        foreach ((string name, string value) in settings)
        {
            all[name] = value;
        }

        return Context(all, Service.Secrets);
    }

    protected override void AddZone(string zone) => Service.AddZone(zone);

    protected override void Seed(string name, string type, params string[] values) => Service.Zones.Seed(name, type, values);

    protected override IReadOnlyList<string> Values(string name, string type) => Service.Zones.Values(name, type);

    protected override void Throttle(int times) => Service.Throttle(times);

    [Fact]
    public async Task An_account_that_is_too_small_is_told_so_and_what_to_do_instead()
    {
        AddZone(Zone);
        Service.IsTooSmall = true;
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => Provider.FindZonesAsync(NewContext(), [Name], Token));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        Assert.All(new[] { "another account", "10", "CNAME", "AcmeDns", "dns-persist-01" }, word => Assert.Contains(word, error.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_domain_of_another_account_does_not_hide_what_is_here()
    {
        AddZone(Zone);
        Service.Foreign.Add("fabrikam.test");
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(NewContext(), ["_acme-challenge.fabrikam.test", Name], Token);
        Assert.Equal([Name], zones.Keys);
    }

    [Fact]
    public async Task A_name_that_the_zone_leaves_to_other_servers_is_not_in_it()
    {
        AddZone(Zone);
        Service.HandedOn.Add("sub.contoso.test");
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(NewContext(), ["_acme-challenge.www.sub.contoso.test", "_acme-challenge.notsub.contoso.test"], Token);
        Assert.Equal(["_acme-challenge.notsub.contoso.test"], zones.Keys);
    }

    [Fact]
    public async Task Zones_are_remembered_for_a_while()
    {
        AddZone(Zone);
        await Provider.FindZonesAsync(NewContext(), [Name], Token);
        int before = Requests;
        await Provider.FindZonesAsync(NewContext(), [Name, "_acme-challenge.contoso.test"], Token);
        Assert.Equal(before, Requests);
        Clock.Advance(TimeSpan.FromMinutes(11));
        await Provider.FindZonesAsync(NewContext(), [Name], Token);
        Assert.Equal(before + 1, Requests);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_yes_that_changes_nothing_is_noticed(bool isRemoval)
    {
        AddZone(Zone);
        Seed(Name, "TXT", "there", "other");
        Service.IsProtected = true;
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, isRemoval ? Remove(Name, "there") : Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsChangeNotServed, error.ErrorId);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        Assert.Contains("Domain Protection", error.Remedy, StringComparison.Ordinal);
        Assert.Equal(2, Clock.Delays.Count);
    }

    [Fact]
    public async Task More_requests_than_sixty_wait_for_the_next_minute()
    {
        for (int i = 0; i < 65; i++)
        {
            AddZone($"zone{i}.test");
        }

        DateTimeOffset start = Clock.UtcNow;
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(NewContext(), [.. Enumerable.Range(0, 65).Select(i => $"_acme-challenge.zone{i}.test")], Token);
        Assert.Equal(65, zones.Count); // the service itself complains about the 61st within a minute
        Assert.Equal(TimeSpan.FromMinutes(1), Clock.UtcNow - start);
    }

    [Fact]
    public async Task The_next_request_waits_when_the_service_says_that_none_is_left()
    {
        AddZone(Zone);
        Service.Remaining = 0;
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        Service.Remaining = 59;
        Assert.Empty(Clock.Delays);
        await Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token);
        Assert.Equal([TimeSpan.FromSeconds(20)], Clock.Delays);
    }

    [Theory]
    [InlineData("""{"code":"TOO_MANY_REQUESTS","retryAfterSec":17}""", "RateLimit-Reset", "9", 17)]
    [InlineData("""{"code":"TOO_MANY_REQUESTS"}""", "RateLimit-Reset", "9", 9)]
    [InlineData("<html>Slow down</html>", "Retry-After", "12", 12)]
    [InlineData("", "X-Nothing", "1", 60)]
    public async Task A_throttled_request_waits_as_long_as_it_is_told(string body, string header, string value, int seconds)
    {
        AddZone(Zone);
        Service.Next(1, _ => new HttpAnswer(429).With(header, value).WithBody(body));
        Assert.Single(await Provider.FindZonesAsync(NewContext(), [Name], Token));
        Assert.Equal([TimeSpan.FromSeconds(seconds)], Clock.Delays);
    }

    [Fact]
    public async Task A_service_in_trouble_is_asked_again_and_then_named()
    {
        AddZone(Zone);
        Service.Next(2, _ => new HttpAnswer(502).WithBody("<html>Bad Gateway</html>"));
        Assert.Single(await Provider.FindZonesAsync(NewContext(), [Name], Token));
        Service.Next(100, _ => new HttpAnswer(503));
        TransportException error = await Assert.ThrowsAsync<TransportException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsUnavailable, error.ErrorId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(513)]
    public async Task A_value_that_no_record_can_hold_is_refused_before_anybody_is_asked(int length)
    {
        HostedZone zone = new(Zone, Zone);
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, new string('x', length))], Token));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Equal(0, Requests);
    }

    [Fact]
    public async Task An_alias_is_not_written_beside_text()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "other");
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Name, RecordChange.Add(DnsRecordType.CName, Name, "proof.elsewhere.test")));
        Assert.Equal(ErrorIds.DnsNameOccupied, error.ErrorId);
        Assert.Contains("TXT", error.Message, StringComparison.Ordinal);
        Assert.Empty(Values(Name, "CNAME"));
    }
}
