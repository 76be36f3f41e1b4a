using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>What every DNS service keeps to, so that proofs can rely on it. Its tests inherit it and say how to reach a strict fake.</summary>
public abstract class DnsProviderContract : IDisposable
{
    protected const string Zone = "contoso.test";
    protected const string Name = "_acme-challenge.www.contoso.test";

    /// <summary>Waiting takes no time; what was waited for stands in Delays.</summary>
    protected FakeClock Clock { get; } = new() { SkipsDelays = true };

    protected CollectingReporter Reporter { get; } = new();

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The service under test.</summary>
    private protected abstract IDnsProvider Provider { get; }

    /// <summary>Whether it holds CNAME records for us.</summary>
    protected virtual bool HasAliases => true;

    /// <summary>Whether it tells a client to come later.</summary>
    protected virtual bool HasThrottling => true;

    /// <summary>Whether a text may have quotes in it.</summary>
    protected virtual bool HasQuotes => true;

    /// <summary>Most requests that adding or removing one value at each of so many names of one zone may take, finding the zone not counted.</summary>
    protected abstract int MostRequests(int names);

    /// <summary>An account that is right.</summary>
    private protected abstract DnsContext NewContext();

    /// <summary>An account whose credentials are wrong; the secret is <see cref="WrongSecret"/>.</summary>
    private protected abstract DnsContext NewWrongContext();

    protected const string WrongSecret = "d3Jvbmctc2VjcmV0LW9mLXRoZS1hY2NvdW50";

    /// <summary>Makes a zone at the service.</summary>
    protected abstract void AddZone(string zone);

    /// <summary>Puts values there, past the service's rules.</summary>
    protected abstract void Seed(string name, string type, params string[] values);

    /// <summary>What is there, as it is meant: no quotes, no escapes.</summary>
    protected abstract IReadOnlyList<string> Values(string name, string type);

    /// <summary>Requests so far.</summary>
    protected abstract int Requests { get; }

    /// <summary>The next requests are told to come later.</summary>
    protected abstract void Throttle(int times);

    /// <summary>More zones than the service lists at once.</summary>
    protected virtual int ManyZones => 120;

    public abstract void Dispose();

    [Fact]
    public void It_says_what_it_is_and_what_it_needs()
    {
        DnsProviderDescription about = Provider.Description;
        Assert.Matches("^[A-Z][A-Za-z0-9]+$", about.Name);
        Assert.NotEqual("", about.Title);
        Assert.True(about.LeastRights.Length > 20, "The least rights are told.");
        HashSet<string> known = [.. about.Settings.Select(s => s.Name)];
        Assert.Equal(about.Settings.Count, known.Count);
        Assert.All(about.Required.Concat(about.Credentials.SelectMany(c => c.Settings)), name => Assert.Contains(name, known));
        Assert.All(about.Settings, s => Assert.EndsWith(".", s.Description, StringComparison.Ordinal));
        Provider.Check(NewContext());
    }

    [Fact]
    public async Task The_longest_zone_that_holds_a_name_is_found()
    {
        AddZone(Zone);
        AddZone("sub.contoso.test");
        AddZone("fabrikam.test");
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(
            NewContext(), ["_acme-challenge.contoso.test", "_acme-challenge.a.b.sub.contoso.test", "sub.contoso.test", "_acme-challenge.notcontoso.test", "_acme-challenge.fabrikam.test"], Token);
        Assert.Equal(Zone, zones["_acme-challenge.contoso.test"].Name);
        Assert.Equal("sub.contoso.test", zones["_acme-challenge.a.b.sub.contoso.test"].Name);
        Assert.Equal("sub.contoso.test", zones["sub.contoso.test"].Name);
        Assert.Equal("fabrikam.test", zones["_acme-challenge.fabrikam.test"].Name);
        Assert.DoesNotContain("_acme-challenge.notcontoso.test", zones.Keys);
    }

    [Fact]
    public async Task Every_zone_of_a_long_list_is_found()
    {
        List<string> all = [.. Enumerable.Range(0, ManyZones).Select(i => $"zone{i}.test")];
        all.ForEach(AddZone);
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(NewContext(), [.. all.Select(z => "_acme-challenge.www." + z)], Token);
        Assert.Equal(all, all.Select(z => zones.TryGetValue("_acme-challenge.www." + z, out HostedZone? zone) ? zone.Name : "missing"));
    }

    [Fact]
    public async Task An_international_zone_is_found_and_written_in_A_labels()
    {
        AddZone("xn--bcher-kva.test");
        await ApplyAsync("_acme-challenge.www.xn--bcher-kva.test", Add("_acme-challenge.www.xn--bcher-kva.test", "proof"));
        Assert.Equal(["proof"], Values("_acme-challenge.www.xn--bcher-kva.test", "TXT"));
    }

    [Fact]
    public async Task A_value_is_added_beside_others_and_taken_away_alone()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "first", "second");
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["first", "proof", "second"], Sorted(Name));
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Equal(["first", "second"], Sorted(Name));
    }

    [Fact]
    public async Task A_value_that_is_there_is_not_added_again()
    {
        AddZone(Zone);
        await ApplyAsync(Name, Add(Name, "proof"));
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task What_is_not_there_can_be_taken_away()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "other");
        await ApplyAsync(Name, Remove(Name, "proof"));
        await ApplyAsync(Name, Remove("_acme-challenge.nowhere.contoso.test", "proof"));
        Assert.Equal(["other"], Values(Name, "TXT"));
        Assert.Empty(Values("_acme-challenge.nowhere.contoso.test", "TXT"));
    }

    [Fact]
    public async Task The_last_value_leaves_nothing_behind()
    {
        AddZone(Zone);
        await ApplyAsync(Name, Add(Name, "one"), Add(Name, "two"));
        await ApplyAsync(Name, Remove(Name, "one"), Remove(Name, "two"));
        Assert.Empty(Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_wildcard_and_its_plain_name_have_two_values_at_one_name()
    {
        AddZone(Zone);
        const string Shared = "_acme-challenge.contoso.test";
        await ApplyAsync(Shared, Add(Shared, "plain"), Add(Shared, "wildcard"));
        Assert.Equal(["plain", "wildcard"], Sorted(Shared));
        await ApplyAsync(Shared, Remove(Shared, "plain"));
        Assert.Equal(["wildcard"], Sorted(Shared));
    }

    [Fact]
    public async Task A_record_at_the_name_of_the_zone_itself_is_changed()
    {
        AddZone(Zone);
        Seed(Zone, "TXT", "v=spf1 -all");
        await ApplyAsync(Zone, Add(Zone, "proof"));
        Assert.Equal(["proof", "v=spf1 -all"], Sorted(Zone));
        await ApplyAsync(Zone, Remove(Zone, "proof"));
        Assert.Equal(["v=spf1 -all"], Sorted(Zone));
    }

    [Fact]
    public async Task Adding_and_taking_away_go_in_one_call()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "old");
        await ApplyAsync(Name, Remove(Name, "old"), Add(Name, "new"), Add("_acme-challenge.contoso.test", "other"));
        Assert.Equal(["new"], Values(Name, "TXT"));
        Assert.Equal(["other"], Values("_acme-challenge.contoso.test", "TXT"));
    }

    [Theory]
    [InlineData("authority.example; accounturi=https://ca.example/acct/1; policy=wildcard; persistUntil=1798761600")]
    [InlineData("with \"quotes\" and \\ a backslash")]
    [InlineData("semicolon; comma, = and  two blanks")]
    public async Task Values_arrive_as_they_are(string value)
    {
        Assert.SkipUnless(HasQuotes || !value.Contains("\""), "The service has no quotes in texts.");
        string other = HasQuotes ? "other \"quoted\" value" : "other value";
        AddZone(Zone);
        Seed(Name, "TXT", other);
        await ApplyAsync(Name, Add(Name, value));
        await ApplyAsync(Name, Add(Name, value));
        Assert.Equal(Sort([other, value]), Sorted(Name));
        await ApplyAsync(Name, Remove(Name, value));
        Assert.Equal([other], Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_long_value_survives()
    {
        string value = string.Concat(Enumerable.Range(0, 60).Select(i => $"part{i:00};"));
        AddZone(Zone);
        await ApplyAsync(Name, Add(Name, value));
        Assert.Equal([value], Values(Name, "TXT"));
        await ApplyAsync(Name, Remove(Name, value));
        Assert.Empty(Values(Name, "TXT"));
    }

    [Fact]
    public async Task An_alias_is_added_once_and_taken_away()
    {
        Assert.SkipUnless(HasAliases, "The service has no CNAME records for us.");
        AddZone(Zone);
        RecordChange alias = RecordChange.Add(DnsRecordType.CName, Name, "proof.elsewhere.test");
        await ApplyAsync(Name, alias);
        await ApplyAsync(Name, alias);
        Assert.Equal(["proof.elsewhere.test"], Values(Name, "CNAME"));
        await ApplyAsync(Name, alias with { IsRemoval = true });
        await ApplyAsync(Name, alias with { IsRemoval = true });
        Assert.Empty(Values(Name, "CNAME"));
    }

    [Fact]
    public async Task An_alias_to_elsewhere_is_not_taken_away_and_not_replaced()
    {
        Assert.SkipUnless(HasAliases, "The service has no CNAME records for us.");
        AddZone(Zone);
        Seed(Name, "CNAME", "theirs.elsewhere.test");
        await ApplyAsync(Name, RecordChange.Remove(DnsRecordType.CName, Name, "ours.elsewhere.test"));
        await Assert.ThrowsAnyAsync<KeyManagerException>(() => ApplyAsync(Name, RecordChange.Add(DnsRecordType.CName, Name, "ours.elsewhere.test")));
        Assert.Equal(["theirs.elsewhere.test"], Values(Name, "CNAME"));
    }

    [Fact]
    public async Task Text_is_not_written_beside_an_alias()
    {
        Assert.SkipUnless(HasAliases, "The service has no CNAME records for us.");
        AddZone(Zone);
        Seed(Name, "CNAME", "theirs.elsewhere.test");
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsNameOccupied, error.ErrorId);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        Assert.Empty(Values(Name, "TXT"));
    }

    [Fact]
    public async Task Fifty_names_of_one_zone_take_few_requests()
    {
        AddZone(Zone);
        List<string> names = [.. Enumerable.Range(0, 50).Select(i => $"_acme-challenge.host{i}.contoso.test")];
        DnsContext context = NewContext();
        HostedZone zone = (await Provider.FindZonesAsync(context, names, Token))[names[0]];
        int before = Requests;
        await Provider.ApplyAsync(context, zone, [.. names.Select(n => Add(n, "proof of " + n))], Token);
        Assert.InRange(Requests - before, 1, MostRequests(50));
        Assert.All(names, n => Assert.Equal(["proof of " + n], Values(n, "TXT")));
        before = Requests;
        await Provider.ApplyAsync(context, zone, [.. names.Select(n => Remove(n, "proof of " + n))], Token);
        Assert.InRange(Requests - before, 1, MostRequests(50));
        Assert.All(names, n => Assert.Empty(Values(n, "TXT")));
    }

    [Fact]
    public async Task Two_orders_at_once_keep_both_values_of_one_name()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "other");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => ApplyAsync(Name, Add(Name, "proof" + i)))));
        Assert.Equal(["other", "proof0", "proof1", "proof2", "proof3", "proof4", "proof5"], Sorted(Name));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => ApplyAsync(Name, Remove(Name, "proof" + i)))));
        Assert.Equal(["other"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task What_is_throttled_waits_and_comes_through()
    {
        Assert.SkipUnless(HasThrottling, "The service never tells a client to come later.");
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = (await Provider.FindZonesAsync(context, [Name], Token))[Name];
        Throttle(2);
        await Provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token);
        Assert.Equal(["proof"], Values(Name, "TXT"));
        Assert.True(Clock.Delays.Count >= 2, "It waited.");
    }

    [Fact]
    public async Task What_is_throttled_for_ever_ends_in_an_error_that_says_so()
    {
        Assert.SkipUnless(HasThrottling, "The service never tells a client to come later.");
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = (await Provider.FindZonesAsync(context, [Name], Token))[Name];
        Throttle(1000);
        RateLimitException error = await Assert.ThrowsAsync<RateLimitException>(() => Provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token));
        Assert.Equal(ErrorIds.RateLimited, error.ErrorId);
        Assert.Contains(context.Account.Name, error.Message, StringComparison.Ordinal);
        Assert.InRange(Clock.Delays.Count, 1, 60);
    }

    [Fact]
    public async Task Wrong_credentials_are_named_and_not_shown()
    {
        AddZone(Zone);
        DnsContext context = NewWrongContext();
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(async () =>
        {
            IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(context, [Name], Token);
            await Provider.ApplyAsync(context, zones[Name], [Add(Name, "proof")], Token);
        });
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains(context.Account.Name, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        Assert.DoesNotContain(WrongSecret, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(WrongSecret, string.Join("\n", Reporter.Steps.Concat(Reporter.Warnings)), StringComparison.Ordinal);
        Assert.Empty(Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_one()
    {
        AddZone(Zone);
        using CancellationTokenSource source = new();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(NewContext(), [Name], source.Token);
            await Provider.ApplyAsync(NewContext(), zones[Name], [Add(Name, "proof")], source.Token);
        });
        Assert.Empty(Values(Name, "TXT"));
    }

    private protected static RecordChange Add(string name, string value) => RecordChange.Add(DnsRecordType.Txt, name, value);

    private protected static RecordChange Remove(string name, string value) => RecordChange.Remove(DnsRecordType.Txt, name, value);

    /// <summary>Finds the zone of the first name and makes the changes there.</summary>
    private protected async Task ApplyAsync(string name, params RecordChange[] changes)
    {
        DnsContext context = NewContext();
        await Provider.ApplyAsync(context, (await Provider.FindZonesAsync(context, [name], Token))[name], changes, Token);
    }

    /// <summary>An account as it lies in the store.</summary>
    private protected DnsContext Context(IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> secrets) => new(
        new DnsAccount
        {
            Id = "account-1",
            Name = "records",
            Provider = Provider.Description.Name,
            Settings = settings,
            Secrets = [.. secrets.Keys],
            CreatedAt = Clock.UtcNow,
            UpdatedAt = DateTimeOffset.MinValue,
        },
        name => secrets.TryGetValue(name, out string? secret) ? Encoding.UTF8.GetBytes(secret) : null,
        Reporter);

    private List<string> Sorted(string name) => Sort(Values(name, "TXT"));

    private static List<string> Sort(IEnumerable<string> values) => [.. values.OrderBy(v => v, StringComparer.Ordinal)];
}
