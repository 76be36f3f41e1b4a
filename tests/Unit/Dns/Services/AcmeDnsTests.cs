using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Dns.Services.AcmeDns;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>
/// Does not derive from <see cref="DnsProviderContract"/>: an account holds one name and no zone, the name shows the last two values whatever else is there, nothing is ever taken away,
/// and no value but that of dns-01 is taken. What of the contract can hold is here.
/// </summary>
public sealed class AcmeDnsTests : IDisposable
{
    private static readonly string First = new('a', 43);
    private static readonly string Second = new('b', 43);
    private static readonly string Third = new('c', 43);

    private readonly FakeClock _clock = new() { SkipsDelays = true };
    private readonly CollectingReporter _reporter = new();
    private readonly HttpChannels _channels = new();
    private readonly FakeAcmeDns _server;
    private readonly AcmeDnsProvider _provider;

    public AcmeDnsTests()
    {
        _server = new FakeAcmeDns(_clock);
        _provider = new AcmeDnsProvider(_channels, _clock);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _channels.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void It_says_what_it_is_and_what_it_needs()
    {
        DnsProviderDescription about = _provider.Description;
        string[] known = [.. about.Settings.Select(s => s.Name)];
        Assert.Equal(known.Distinct(), known);
        Assert.All(about.Required.Concat(about.Credentials.SelectMany(c => c.Settings)), name => Assert.Contains(name, known));
        Assert.All(about.Settings, s => Assert.EndsWith(".", s.Description, StringComparison.Ordinal));
        Assert.Equal(["Password"], about.Settings.Where(s => s.IsSecret).Select(s => s.Name));
        _provider.Check(Account());
    }

    [Fact]
    public async Task The_only_zone_is_the_full_domain()
    {
        IReadOnlyDictionary<string, HostedZone> zones = await _provider.FindZonesAsync(
            Account(), [FakeAcmeDns.FullDomain, FakeAcmeDns.Domain, "_acme-challenge." + FakeAcmeDns.FullDomain, "_acme-challenge.contoso.test", "x" + FakeAcmeDns.FullDomain], Token);
        Assert.Equal([FakeAcmeDns.FullDomain], zones.Keys);
        Assert.Equal(FakeAcmeDns.FullDomain, zones[FakeAcmeDns.FullDomain].Name);
        Assert.Empty(_server.Calls);
    }

    [Fact]
    public async Task A_name_and_its_wildcard_have_a_value_each()
    {
        await ApplyAsync(Add(First), Add(Second));
        Assert.Equal([First, Second], Shown);
        Assert.Equal(2, _server.Calls.Count);
    }

    [Fact]
    public async Task Two_values_come_in_two_calls_within_a_second()
    {
        await ApplyAsync(Add(First));
        await ApplyAsync(Add(Second));
        Assert.Equal([First, Second], Shown);
    }

    [Fact]
    public async Task A_value_that_is_written_again_does_not_push_out_the_other()
    {
        await ApplyAsync(Add(First), Add(Second));
        await ApplyAsync(Add(Second));
        await ApplyAsync(Add(Second));
        Assert.Equal([First, Second], Shown);
        await ApplyAsync(Add(First), Add(Second));
        Assert.Equal([First, Second], Shown);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_whose_answer_got_lost_does_not_push_out_the_other(bool isFirst)
    {
        _server.LosesAnswerOf = isFirst ? First : Second;
        await ApplyAsync(Add(First), Add(Second));
        Assert.Null(_server.LosesAnswerOf);
        Assert.Equal([First, Second], Shown);
    }

    [Fact]
    public async Task Order_after_order_within_a_second_shows_its_own_two_values()
    {
        for (int order = 0; order < 6; order++)
        {
            string[] values = [Text(order, 0), Text(order, 1)];
            await ApplyAsync([.. values.Select(Add)]);
            Assert.Equal(values, Shown);
            await ApplyAsync([.. values.Select(Remove)]);
        }

        static string Text(int order, int number) => $"order{order}-{number}".PadRight(43, '_');
    }

    [Fact]
    public async Task Taking_away_asks_nobody()
    {
        await ApplyAsync(Remove(First), Remove("of any form at all"));
        Assert.Empty(_server.Calls);
        await ApplyAsync(Add(First));
        await ApplyAsync(Remove(First));
        Assert.Single(_server.Calls);
    }

    [Fact]
    public async Task A_third_value_in_one_call_is_refused_before_anything_is_written()
    {
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Add(First), Add(Second), Add(Third)));
        Assert.Equal(ErrorIds.DnsRecordSetFull, error.ErrorId);
        Assert.Contains(FakeAcmeDns.FullDomain, error.Message, StringComparison.Ordinal);
        Assert.Contains("account for each further name", error.Remedy, StringComparison.Ordinal);
        Assert.Empty(_server.Calls);
    }

    [Fact]
    public async Task A_further_value_is_refused_while_two_are_needed()
    {
        await ApplyAsync(Add(First), Add(Second));
        await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Add(Third)));
        Assert.Equal([First, Second], Shown);
        await ApplyAsync(Remove(First), Add(Third));
        Assert.Equal([Second, Third], Shown);
    }

    [Fact]
    public async Task Values_that_were_never_taken_away_do_not_stand_in_the_way_for_ever()
    {
        await ApplyAsync(Add(First), Add(Second));
        _clock.Advance(TimeSpan.FromMinutes(61));
        await ApplyAsync(Add(Third));
        Assert.Contains(Third, Shown);
    }

    [Fact]
    public async Task Of_many_at_once_two_get_through_and_both_are_shown()
    {
        string[] values = [.. Enumerable.Range(0, 6).Select(i => new string((char)('a' + i), 43))];
        bool[] done = await Task.WhenAll(values.Select(value => Task.Run(async () =>
        {
            try
            {
                await ApplyAsync(Add(value));
                return true;
            }
            catch (ConflictException)
            {
                return false;
            }
        })));
        Assert.Equal(values.Where((_, i) => done[i]), Shown);
        Assert.Equal(2, done.Count(d => d));
    }

    [Theory]
    [InlineData("short")]
    [InlineData("authority.example; accounturi=https://ca.example/acct/1")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=")]
    public async Task A_value_that_is_none_of_dns_01_is_refused_before_anybody_is_asked(string value)
    {
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Add(value)));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Contains("43", error.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Calls);
    }

    [Fact]
    public async Task An_alias_is_refused_before_anybody_is_asked()
    {
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(RecordChange.Add(DnsRecordType.CName, FakeAcmeDns.FullDomain, "elsewhere.test")));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Empty(_server.Calls);
    }

    [Fact]
    public async Task Wrong_credentials_are_named_and_not_shown()
    {
        const string wrong = "wrong-password-of-the-registration-000000";
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ApplyAsync(Account(password: wrong), Add(First)));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains("forbidden", error.Message, StringComparison.Ordinal);
        Assert.Contains("records", error.Message, StringComparison.Ordinal);
        Assert.Contains("AllowFrom", error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, error.ToString() + string.Join("\n", _reporter.Steps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_throttled_waits_and_comes_through()
    {
        _server.Throttle(2);
        await ApplyAsync(Add(First));
        Assert.Equal([First], Shown);
        Assert.Equal(2, _clock.Delays.Count);
    }

    [Theory]
    [InlineData(400, """{"error": "bad_subdomain"}""", "bad_subdomain", ErrorIds.DnsChangeRefused)]
    [InlineData(404, "404 page not found", "404", ErrorIds.DnsChangeRefused)]
    [InlineData(200, """{"txt": "something else"}""", "repeat", ErrorIds.DnsAnswerUnreadable)]
    [InlineData(200, "<html>Welcome</html>", "repeat", ErrorIds.DnsAnswerUnreadable)]
    public async Task An_answer_that_is_no_yes_is_told(int status, string body, string words, string id)
    {
        _server.Next(1, _ => new HttpAnswer(status).WithBody(body));
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Add(First)));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_in_trouble_is_asked_again_and_then_named()
    {
        _server.Next(1, _ => HttpAnswer.Json(500, new Dictionary<string, object?> { ["error"] = "db_error" }));
        await ApplyAsync(Add(First));
        _server.Next(100, _ => HttpAnswer.Json(500, new Dictionary<string, object?> { ["error"] = "db_error" }));
        TransportException error = await Assert.ThrowsAsync<TransportException>(() => ApplyAsync(Add(Second)));
        Assert.Equal(ErrorIds.DnsUnavailable, error.ErrorId);
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_one()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _provider.ApplyAsync(Account(), new HostedZone(FakeAcmeDns.FullDomain, FakeAcmeDns.FullDomain), [Add(First)], source.Token));
        Assert.Empty(_server.Calls);
    }

    [Fact]
    public async Task A_registration_is_made_and_serves_an_account()
    {
        DnsRegistration made = await _provider.RegisterAsync(Context(new Dictionary<string, string> { ["BaseUrl"] = _server.Url.AbsoluteUri }, new Dictionary<string, byte[]>()), Token);
        Assert.Empty(_server.AllowFrom);
        Assert.Equal(["FullDomain", "Subdomain", "Username"], made.Settings.Keys.OrderBy(n => n, StringComparer.Ordinal));
        Assert.Equal(["Password"], made.Secrets.Keys);
        string full = made.Settings["FullDomain"];
        Assert.Contains($"_acme-challenge.<name> CNAME {full}", made.Instruction, StringComparison.Ordinal);
        string password = Encoding.UTF8.GetString(made.Secrets["Password"]);
        Assert.DoesNotContain(password, made.ToString() + string.Join("\n", _reporter.Steps), StringComparison.Ordinal);

        DnsContext account = Context(new Dictionary<string, string>(made.Settings.ToDictionary(s => s.Key, s => s.Value)) { ["BaseUrl"] = _server.Url.AbsoluteUri }, made.Secrets);
        _provider.Check(account);
        HostedZone zone = (await _provider.FindZonesAsync(account, [full], Token))[full];
        await _provider.ApplyAsync(account, zone, [RecordChange.Add(DnsRecordType.Txt, full, First)], Token);
        Assert.Equal([First], _server.Values(full));
        Assert.Empty(Shown);
    }

    [Fact]
    public async Task A_registration_can_be_limited_to_networks()
    {
        await RegisterAsync("192.0.2.0/24, 2001:db8::/32");
        Assert.Equal(["192.0.2.0/24", "2001:db8::/32"], _server.AllowFrom);
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => RegisterAsync("everybody"));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Contains("invalid_allowfrom_cidr", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_no_registrations_is_named()
    {
        _server.TakesRegistrations = false;
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => RegisterAsync(""));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains("-Username", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"username":"u","password":"p","subdomain":"s"}""")]
    [InlineData("""{"username":"u","password":"p","subdomain":"s","fulldomain":""}""")]
    [InlineData("""["username"]""")]
    [InlineData("welcome")]
    public async Task A_registration_that_lacks_something_is_not_taken(string body)
    {
        _server.Next(1, _ => new HttpAnswer(201).WithBody(body));
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => RegisterAsync(""));
        Assert.Equal(ErrorIds.DnsAnswerUnreadable, error.ErrorId);
    }

    [Theory]
    [InlineData("FullDomain", "other.auth.contoso.test")]
    [InlineData("BaseUrl", "http://auth.contoso.test")]
    public void An_account_that_can_never_work_is_refused(string setting, string value)
    {
        Dictionary<string, string> settings = new(_server.Settings.ToDictionary(s => s.Key, s => s.Value)) { [setting] = value };
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => _provider.Check(Context(settings, new Dictionary<string, byte[]>())));
        Assert.Equal(ErrorIds.InvalidSetting, error.ErrorId);
    }

    private IReadOnlyList<string> Shown => _server.Values(FakeAcmeDns.FullDomain);

    private static RecordChange Add(string value) => RecordChange.Add(DnsRecordType.Txt, FakeAcmeDns.FullDomain, value);

    private static RecordChange Remove(string value) => RecordChange.Remove(DnsRecordType.Txt, FakeAcmeDns.FullDomain, value);

    private Task ApplyAsync(params RecordChange[] changes) => ApplyAsync(Account(), changes);

    private Task ApplyAsync(DnsContext account, params RecordChange[] changes) =>
        _provider.ApplyAsync(account, new HostedZone(FakeAcmeDns.FullDomain, FakeAcmeDns.FullDomain), changes, Token);

    private Task<DnsRegistration> RegisterAsync(string allowFrom) => _provider.RegisterAsync(
        Context(new Dictionary<string, string> { ["BaseUrl"] = _server.Url.AbsoluteUri, ["AllowFrom"] = allowFrom }, new Dictionary<string, byte[]>()), Token);

    private DnsContext Account(string password = FakeAcmeDns.Password) => Context(_server.Settings, new Dictionary<string, byte[]> { ["Password"] = Encoding.UTF8.GetBytes(password) });

    private DnsContext Context(IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, byte[]> secrets) => new(
        new DnsAccount { Id = "account-1", Name = "records", Provider = "AcmeDns", Settings = settings, CreatedAt = _clock.UtcNow, UpdatedAt = _clock.UtcNow },
        name => secrets.TryGetValue(name, out byte[]? secret) ? [.. secret] : null,
        _reporter);
}
