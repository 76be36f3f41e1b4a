using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Dns.Services.DnsMadeEasy;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

public sealed class DnsMadeEasyTests : DnsProviderContract
{
    private readonly FakeDnsMadeEasy _service;
    private readonly HttpChannels _channels = new();

    public DnsMadeEasyTests()
    {
        _service = new FakeDnsMadeEasy(Clock);
        Provider = new DnsMadeEasyProvider(_channels, Clock);
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

    protected override int MostRequests(int names) => 2;

    protected override void AddZone(string zone) => _service.AddZone(zone);

    protected override void Seed(string name, string type, params string[] values)
    {
        foreach (string value in values)
        {
            _service.Seed(name, type, type == "TXT" ? $"\"{value}\"" : value + ".");
        }
    }

    protected override IReadOnlyList<string> Values(string name, string type) => _service.Zones.Values(name, type);

    protected override void Throttle(int times) => _service.Throttle(times);

    private protected override DnsContext NewContext() => Context(_service.Settings, _service.Secrets);

    private protected override DnsContext NewWrongContext() => With((DnsMadeEasySettings.SecretKey, WrongSecret));

    [Theory]
    [InlineData("c9b5625f-9834-4ff8-baba-4ed5f32cae55", "Sat, 12 Feb 2011 20:59:04 GMT", "b3502e6116a324f3cf4a8ed693d78bcee8d8fe3c")] // the service's own document
    [InlineData("secret", "Tue, 02 Jun 2015 02:36:07 UTC", "6b6c8432119c31e1d3776eb4cd3abd92fae4a71c")] // lego's test
    [InlineData("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "Wed, 07 Oct 2026 09:05:03 GMT", "620b85326cfb3c2029c3812fcacdd6df6d5dd62b")]
    [InlineData("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "Wed, 7 Oct 2026 09:05:03 GMT", "1c148dc644fc2c9dadaf6dc1db9a1dbaf25d06e2")]
    [InlineData("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "Fri, 01 Jan 2027 00:00:00 GMT", "2df029d0eced48111c5213fc5bb164f79855083b")]
    [InlineData("unit-test-secret", "Thu, 29 Feb 2024 23:59:59 GMT", "44f60c965426b367713c29eabbb1ebef06da7006")]
    public void Dates_are_signed_as_in_the_worked_examples(string secret, string date, string signature) => Assert.Equal(signature, DnsMadeEasySigner.Sign(secret, date));

    [Theory]
    [InlineData("fr-FR")]
    [InlineData("th-TH")] // another calendar
    public void The_date_is_in_English_and_in_UTC_wherever_the_machine_stands(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Dictionary<string, string> headers = DnsMadeEasySigner.Headers(FakeDnsMadeEasy.ApiKey, FakeDnsMadeEasy.SecretKey, new DateTimeOffset(2011, 2, 12, 21, 59, 4, TimeSpan.FromHours(1)))
                .ToDictionary(h => h.Name, h => h.Value);
            Assert.Equal("Sat, 12 Feb 2011 20:59:04 GMT", headers["x-dnsme-requestDate"]);
            Assert.Equal("b3502e6116a324f3cf4a8ed693d78bcee8d8fe3c", headers["x-dnsme-hmac"]);
            Assert.Equal(FakeDnsMadeEasy.ApiKey, headers["x-dnsme-apiKey"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task Each_try_is_signed_anew()
    {
        AddZone(Zone);
        Throttle(3);
        await ApplyAsync(Name, Add(Name, "proof"));
        IReadOnlyList<string?> dates = [.. _service.Calls.Take(4).Select(c => c.Field("x-dnsme-requestDate"))];
        Assert.Equal(4, dates.Distinct().Count());
    }

    [Theory]
    [InlineData(-48)]
    [InlineData(3600)]
    public async Task A_clock_that_is_off_is_named_with_both_clocks(int seconds)
    {
        AddZone(Zone);
        _service.Skew = TimeSpan.FromSeconds(seconds);
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsClockWrong, error.ErrorId);
        Assert.Contains("2026-03-01 12:00:00", error.Message, StringComparison.Ordinal);
        Assert.Contains((Clock.UtcNow + _service.Skew).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
        Assert.Contains("clock", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_a_little_off_works()
    {
        AddZone(Zone);
        _service.Skew = TimeSpan.FromSeconds(20);
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Theory]
    [InlineData(DnsMadeEasySettings.ApiKey, "API key not found")]
    [InlineData(DnsMadeEasySettings.SecretKey, "Unable to verify HMAC")]
    public async Task A_wrong_key_is_named_with_the_environment(string setting, string said)
    {
        AddZone(Zone);
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ChangeAsync(With((setting, "99999999-0000-0000-0000-000000000000")), Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("-Environment Sandbox", error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("99999999", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_pasted_with_blanks_around_work_and_with_blanks_inside_are_refused()
    {
        AddZone(Zone);
        await ChangeAsync(With((DnsMadeEasySettings.SecretKey, $" \"{FakeDnsMadeEasy.SecretKey}\"\r\n")), Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => Provider.Check(With((DnsMadeEasySettings.SecretKey, "c9b5625f 9834"))));
        Assert.Equal(ErrorIds.InvalidSetting, error.ErrorId);
        Assert.DoesNotContain("c9b5625f", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_sandbox_has_an_address_of_its_own()
    {
        Assert.Equal("https://api.dnsmadeeasy.com/V2.0/", DnsMadeEasySettings.Url(Context(new Dictionary<string, string>(), _service.Secrets)).AbsoluteUri);
        Assert.Equal(
            "https://api.sandbox.dnsmadeeasy.com/V2.0/",
            DnsMadeEasySettings.Url(Context(new Dictionary<string, string> { [DnsMadeEasySettings.Environment] = "sandbox" }, _service.Secrets)).AbsoluteUri);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Pages_are_read_whichever_number_the_first_has(int first)
    {
        List<string> all = [.. Enumerable.Range(0, 170).Select(i => $"zone{i}.test")];
        all.ForEach(AddZone);
        _service.FirstPage = first;
        Assert.Equal(170, (await Provider.FindZonesAsync(NewContext(), [.. all.Select(z => "_acme-challenge." + z)], Token)).Count);
    }

    [Fact]
    public async Task Zones_that_a_list_counts_and_does_not_have_are_asked_for_by_name()
    {
        Enumerable.Range(0, 60).ToList().ForEach(i => AddZone($"zone{i}.test"));
        AddZone("sub.zone1.test");
        _service.Phantoms = 100;
        IReadOnlyDictionary<string, HostedZone> found = await Provider.FindZonesAsync(NewContext(), ["_acme-challenge.a.sub.zone1.test", "_acme-challenge.notzone1.test"], Token);
        Assert.Equal("sub.zone1.test", Assert.Single(found).Value.Name);
    }

    [Fact]
    public async Task The_list_of_zones_is_read_once_in_five_minutes()
    {
        AddZone(Zone);
        await Provider.FindZonesAsync(NewContext(), [Name], Token);
        await Provider.FindZonesAsync(NewContext(), [Name, "_acme-challenge.contoso.test"], Token);
        Assert.Equal(1, Requests);
        Clock.Advance(TimeSpan.FromMinutes(6));
        await Provider.FindZonesAsync(NewContext(), [Name], Token);
        Assert.Equal(2, Requests);
    }

    [Fact]
    public async Task When_few_requests_are_left_each_one_waits()
    {
        AddZone(Zone);
        _service.Remaining = 4;
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)], Clock.Delays); // before the read and before the write
    }

    [Fact]
    public async Task A_404_with_nothing_left_is_the_limit_and_without_the_header_it_is_a_404()
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.Next(2, _ => new HttpAnswer(404).With("x-dnsme-requestsRemaining", "0"));
        await Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token);
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15)], Clock.Delays.Take(2));
        Assert.Equal(["proof"], Values(Name, "TXT"));

        _service.Next(1, _ => new HttpAnswer(404).With("Content-Type", "text/html").WithBody("<html><b>Not</b> found</html>"));
        NotFoundException error = await Assert.ThrowsAsync<NotFoundException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, "other")], Token));
        Assert.Equal(ErrorIds.DnsZoneNotFound, error.ErrorId);
        Assert.Contains("Not found", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "{\"error\":[\"Name contains illegal characters\"]}", ErrorIds.DnsChangeRefused, "illegal characters")]
    [InlineData(400, "{error: [\"TTL out of range\"]}", ErrorIds.DnsChangeRefused, "TTL out of range")]
    [InlineData(400, "", ErrorIds.DnsChangeRefused, "status 400")]
    [InlineData(403, "{\"error\":[\"API key not found\"]}", ErrorIds.DnsCredentialRejected, "API key not found")]
    [InlineData(401, "{error: [\"Unable to verify HMAC\"]}", ErrorIds.DnsCredentialRejected, "Unable to verify HMAC")]
    [InlineData(403, "{\"error\":[\"Missing API key or HMAC\"]}", ErrorIds.DnsCredentialRejected, "Missing API key")]
    [InlineData(404, "{\"error\":[\"Not Found\"]}", ErrorIds.DnsZoneNotFound, "Not Found")]
    [InlineData(400, "{\"error\":[\"Rate limit exceeded\"]}", ErrorIds.RateLimited, "takes no more requests")]
    [InlineData(502, "<html>Bad gateway</html>", ErrorIds.DnsUnavailable, "502")]
    [InlineData(200, "<html>Sign in to this network</html>", ErrorIds.DnsAnswerUnreadable, "status 200")]
    [InlineData(200, "{}", ErrorIds.DnsAnswerUnreadable, "status 200")]
    [InlineData(200, "{\"data\":[{\"name\":\"x\"}]}", ErrorIds.DnsAnswerUnreadable, "no number")]
    public async Task Each_no_becomes_an_error_that_says_what_to_do(int status, string body, string id, string said)
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.Next(10, _ => new HttpAnswer(status).With("Content-Type", "application/json").WithBody(body));
        KeyManagerException error = await Assert.ThrowsAnyAsync<KeyManagerException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public async Task A_failed_list_is_not_taken_for_an_absent_record()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "proof");
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.Next(10, _ => new HttpAnswer(500));
        await Assert.ThrowsAsync<TransportException>(() => Provider.ApplyAsync(NewContext(), zone, [Remove(Name, "proof")], Token));
    }

    [Fact]
    public async Task A_filter_that_is_lost_takes_nobody_elses_record_away()
    {
        AddZone(Zone);
        Seed("_acme-challenge.other.contoso.test", "TXT", "proof");
        Seed(Name, "TXT", "proof", "theirs");
        _service.IgnoresFilters = true;
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Equal(["proof"], Values("_acme-challenge.other.contoso.test", "TXT"));
        Assert.Equal(["theirs"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_record_of_a_template_is_not_touched()
    {
        AddZone(Zone);
        _service.Seed(Name, "TXT", "\"proof\"", isOfTemplate: true);
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_somebody_else_does_meanwhile_is_well(bool isRemoval)
    {
        AddZone(Zone);
        Seed(Zone, "TXT", "old");
        if (isRemoval)
        {
            Seed(Name, "TXT", "proof");
        }

        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.BeforeChange = () =>
        {
            _service.BeforeChange = null;
            if (isRemoval)
            {
                _service.Forget("\"proof\"");
            }
            else
            {
                Seed(Name, "TXT", "proof");
            }
        };
        await Provider.ApplyAsync(NewContext(), zone, isRemoval ? [Remove(Name, "proof"), Remove(Zone, "old")] : [Add(Name, "proof"), Add(Zone, "new")], Token);
        Assert.Equal(isRemoval ? [] : ["proof"], Values(Name, "TXT"));
        Assert.Equal(isRemoval ? [] : ["old", "new"], Values(Zone, "TXT"));
    }

    [Fact]
    public async Task Quotes_in_a_text_are_refused_before_anything_is_written()
    {
        AddZone(Zone);
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, Add(Zone, "good"), Add(Name, "with \"quotes\"")));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        Assert.Empty(Values(Zone, "TXT"));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\"quoted\"", "quoted")]
    [InlineData("\"one\"\"two\"", "onetwo")]
    [InlineData("\"", "\"")]
    public void Texts_are_read_as_the_service_writes_them(string value, string meant) => Assert.Equal(meant, DnsMadeEasyRecord.Unquote(value));

    [Theory]
    [InlineData("proof.elsewhere.test.", "proof.elsewhere.test")]
    [InlineData("proof", "proof.contoso.test")]
    [InlineData("", "contoso.test")]
    public void An_alias_without_a_final_dot_leads_below_the_zone(string value, string target) =>
        Assert.Equal(target, new DnsMadeEasyRecord(1, "", "CNAME", value, false).LeadsTo(Zone));

    private DnsContext With((string Name, string Value) secret) =>
        Context(_service.Settings, new Dictionary<string, string>(_service.Secrets.ToDictionary(s => s.Key, s => s.Value)) { [secret.Name] = secret.Value });

    private async Task ChangeAsync(DnsContext context, params RecordChange[] changes) =>
        await Provider.ApplyAsync(context, (await Provider.FindZonesAsync(context, [changes[0].Name], Token))[changes[0].Name], changes, Token);
}
