using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Dns.Services.Cloudflare;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

public sealed class CloudflareTests : DnsProviderContract
{
    private readonly FakeCloudflare _service = new();
    private readonly HttpChannels _channels = new();

    public CloudflareTests() => Provider = new CloudflareProvider(_channels, Clock);

    private protected override IDnsProvider Provider { get; }

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
            _service.Seed(name, type, type == "TXT" ? "\"" + value.Replace("\\", @"\\").Replace("\"", "\\\"") + "\"" : value);
        }
    }

    protected override IReadOnlyList<string> Values(string name, string type) => _service.Zones.Values(name, type);

    protected override void Throttle(int times) => _service.Throttle(times);

    private protected override DnsContext NewContext() => Context(_service.Settings, _service.Secrets);

    private protected override DnsContext NewWrongContext() => With(secret: (CloudflareSettings.ApiToken, WrongSecret));

    [Fact]
    public async Task Split_tokens_are_each_used_for_what_they_may()
    {
        _service.Tokens.Clear();
        _service.Tokens.Add(new FakeCloudflareToken("zonetoken0123456789012345678901234567890") { EditsRecords = false });
        _service.Tokens.Add(new FakeCloudflareToken("dnstoken01234567890123456789012345678901") { ReadsZones = false });
        AddZone(Zone);
        DnsContext context = Context(_service.Settings, new Dictionary<string, string>
        {
            [CloudflareSettings.ZoneToken] = "zonetoken0123456789012345678901234567890",
            [CloudflareSettings.DnsToken] = "dnstoken01234567890123456789012345678901",
        });
        Provider.Check(context);
        await ChangeAsync(context, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_Global_API_Key_goes_with_its_mail_address_and_without_a_token()
    {
        AddZone(Zone);
        await ChangeAsync(KeyContext(FakeCloudflare.Key), Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Theory]
    [InlineData("99999999999999999999999999999999999ff", ErrorIds.DnsCredentialRejected, "Unknown X-Auth-Key")]
    [InlineData("not-a-key", ErrorIds.DnsCredentialRejected, "Invalid format for X-Auth-Key header (6103)")]
    public async Task A_wrong_Global_API_Key_is_named_and_not_shown(string key, string id, string said)
    {
        AddZone(Zone);
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ChangeAsync(KeyContext(key), Add(Name, "proof")));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(key, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("  \"" + FakeCloudflare.Token + "\"\r\n")]
    [InlineData("'" + FakeCloudflare.Token + "'")]
    public async Task A_token_pasted_with_quotes_and_line_ends_works(string pasted)
    {
        AddZone(Zone);
        await ChangeAsync(With(secret: (CloudflareSettings.ApiToken, pasted)), Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Theory]
    [InlineData(CloudflareSettings.ApiToken, "first-half\nsecond-half", "white space")]
    [InlineData(CloudflareSettings.ApiToken, "token with blanks in it, which none has", "white space")]
    [InlineData(CloudflareSettings.ApiToken, FakeCloudflare.Key, "Global API Key")]
    [InlineData(CloudflareSettings.ApiToken, "cfk_0123456789012345678901234567890123456789abcdef", "Global API Key")]
    [InlineData(CloudflareSettings.GlobalApiKey, FakeCloudflare.Token, "API token")]
    public void A_secret_of_the_wrong_form_is_refused_without_showing_it(string setting, string secret, string problem)
    {
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => Provider.Check(With((CloudflareSettings.Email, FakeCloudflare.Email), (setting, secret))));
        Assert.Equal(ErrorIds.InvalidSetting, error.ErrorId);
        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DnsSettings.Ttl, "15")]
    [InlineData(CloudflareSettings.ZoneId, "contoso.test")]
    [InlineData(CloudflareSettings.AccountId, "0a0a")]
    [InlineData(CloudflareSettings.ZoneName, "contoso.test")]
    [InlineData(DnsSettings.BaseUrl, "http://api.contoso.test")]
    public void A_setting_that_can_never_work_is_refused(string setting, string value) =>
        Assert.Equal(ErrorIds.InvalidSetting, Assert.Throws<InvalidRequestException>(() => Provider.Check(With((setting, value)))).ErrorId);

    [Fact]
    public async Task A_token_for_records_alone_works_when_the_zone_is_given_with_its_name()
    {
        AddZone(Zone);
        _service.Tokens[0] = _service.Tokens[0] with { ReadsZones = false };
        DnsContext context = With([(CloudflareSettings.ZoneId, _service.IdOf(Zone)), (CloudflareSettings.ZoneName, "Contoso.test.")]);
        Provider.Check(context);
        await ChangeAsync(context, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
        Assert.Empty(await Provider.FindZonesAsync(context, ["_acme-challenge.fabrikam.test"], Token));
        Assert.All(_service.Calls, c => Assert.Contains("dns_records", c.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_zone_given_by_its_id_is_asked_for_its_name_once()
    {
        AddZone("fabrikam.test");
        AddZone(Zone);
        DnsContext context = With((CloudflareSettings.ZoneId, _service.IdOf(Zone).ToUpperInvariant()));
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(context, [Name, "_acme-challenge.fabrikam.test"], Token);
        Assert.Equal([Name], zones.Keys);
        await Provider.FindZonesAsync(context, [Name], Token);
        Assert.Single(_service.Calls);

        _service.Tokens[0] = _service.Tokens[0] with { ReadsZones = false };
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(
            () => Provider.FindZonesAsync(With((CloudflareSettings.ZoneId, _service.IdOf("fabrikam.test"))), [Name], Token));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains(CloudflareSettings.ZoneName, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lands_at_another_name_because_the_zone_is_not_the_named_one_is_removed_again()
    {
        AddZone(Zone);
        AddZone("fabrikam.test");
        DnsContext context = With([(CloudflareSettings.ZoneId, _service.IdOf("fabrikam.test")), (CloudflareSettings.ZoneName, Zone)]);
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ChangeAsync(context, Add(Name, "proof"), Add(Zone, "proof")));
        Assert.Equal(ErrorIds.DnsChangeNotServed, error.ErrorId);
        Assert.Empty(_service.Zones.All("fabrikam.test"));
        Assert.Empty(_service.Contents(Name + ".fabrikam.test"));
    }

    [Fact]
    public async Task A_token_that_may_not_list_is_asked_for_each_name()
    {
        List<string> zones = [.. Enumerable.Range(0, 8).Select(i => $"zone{i}.test")];
        zones.ForEach(AddZone);
        _service.Tokens[0] = _service.Tokens[0] with { Lists = false, Zones = ["zone3.test"] };
        IReadOnlyDictionary<string, HostedZone> found = await Provider.FindZonesAsync(NewContext(), [.. zones.Select(z => "_acme-challenge." + z)], Token);
        Assert.Equal(["_acme-challenge.zone3.test"], found.Keys);
    }

    [Fact]
    public async Task A_list_that_is_longer_than_asking_is_not_read()
    {
        for (int i = 0; i < 1000; i++)
        {
            AddZone($"zone{i}.test");
        }

        await Provider.FindZonesAsync(NewContext(), [.. Enumerable.Range(0, 7).Select(i => $"_acme-challenge.zone{i}.test")], Token);
        Assert.InRange(Requests, 1, 15);
    }

    [Fact]
    public async Task Lists_are_read_to_the_end_without_a_count_too()
    {
        List<string> all = [.. Enumerable.Range(0, 120).Select(i => $"zone{i}.test")];
        all.ForEach(AddZone);
        _service.HidesCounts = true;
        IReadOnlyDictionary<string, HostedZone> found = await Provider.FindZonesAsync(NewContext(), [.. all.Select(z => "_acme-challenge." + z)], Token);
        Assert.Equal(120, found.Count);
        Assert.Equal(3, Requests);
    }

    [Fact]
    public async Task A_no_for_one_suffix_does_not_end_the_search()
    {
        AddZone(Zone);
        IReadOnlyDictionary<string, HostedZone> found = await Provider.FindZonesAsync(NewContext(), ["_acme-challenge.forbidden.contoso.test"], Token);
        Assert.Equal(Zone, found["_acme-challenge.forbidden.contoso.test"].Name);
    }

    [Fact]
    public async Task A_token_that_may_not_read_zones_lacks_a_right()
    {
        AddZone(Zone);
        _service.Tokens[0] = _service.Tokens[0] with { ReadsZones = false };
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => Provider.FindZonesAsync(NewContext(), [Name], Token));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains("Zone > Read", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_zones_of_one_name_are_told_apart()
    {
        AddZone(Zone);
        string pending = _service.AddZone(Zone, "pending", "full", FakeCloudflare.OtherAccountId);
        _service.AddZone(Zone, "active", "internal", FakeCloudflare.AccountId);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        Assert.NotEqual(pending, zone.Id);
        Assert.Empty(Reporter.Warnings);

        string active = _service.AddZone(Zone, "active", "full", FakeCloudflare.OtherAccountId);
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => Provider.FindZonesAsync(With(changed: 1), [Name], Token));
        Assert.Equal(ErrorIds.DnsZoneAmbiguous, error.ErrorId);
        Assert.Contains(active, error.Message, StringComparison.Ordinal);
        Assert.Contains(CloudflareSettings.AccountId, error.Remedy, StringComparison.Ordinal);
        DnsContext chosen = With([(CloudflareSettings.AccountId, FakeCloudflare.OtherAccountId)], changed: 2);
        Assert.Equal(active, (await Provider.FindZonesAsync(chosen, [Name], Token))[Name].Id);
    }

    [Fact]
    public async Task A_zone_that_nobody_asks_Cloudflare_for_comes_with_a_warning()
    {
        _service.Zones.AddZone(Zone);
        _service.AddZone(Zone, "pending", "full", FakeCloudflare.AccountId);
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Contains("pending", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task A_secondary_zone_is_not_ours_to_change_and_hides_the_zone_above(int names)
    {
        AddZone(Zone);
        _service.AddZone("sub.contoso.test", "active", "secondary", FakeCloudflare.AccountId);
        IEnumerable<string> hosts = Enumerable.Range(0, names).Select(i => $"_acme-challenge.host{i}.sub.contoso.test");
        Assert.Equal([Name], (await Provider.FindZonesAsync(NewContext(), [Name, .. hosts], Token)).Keys);
    }

    [Theory]
    [InlineData("expired", true, false, ErrorIds.DnsCredentialRejected, "expired")]
    [InlineData("disabled", true, false, ErrorIds.DnsCredentialRejected, "disabled")]
    [InlineData("active", false, false, ErrorIds.DnsRightMissing, "Authentication error")]
    [InlineData("active", false, true, ErrorIds.DnsCredentialRejected, "Authentication error")]
    public async Task A_token_is_asked_about_before_it_is_called_wrong(string status, bool edits, bool isOfAccount, string id, string said)
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.Tokens[0] = _service.Tokens[0] with { Status = status, EditsRecords = edits, IsOfAccount = isOfAccount };
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token));
        Assert.Equal(id, error.ErrorId);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("DNS > Edit", error.Remedy + (status == "active" ? "" : "DNS > Edit"), StringComparison.Ordinal);
        Assert.DoesNotContain(FakeCloudflare.Token, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_of_an_account_is_asked_about_there()
    {
        _service.Tokens[0] = new FakeCloudflareToken("cfat_0123456789012345678901234567890123456789") { IsOfAccount = true, EditsRecords = false };
        AddZone(Zone);
        DnsContext context = With([(CloudflareSettings.AccountId, FakeCloudflare.AccountId)], (CloudflareSettings.ApiToken, _service.Tokens[0].Secret));
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ChangeAsync(context, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.DoesNotContain(_service.Calls, c => c.Target.Contains("user/tokens"));
    }

    [Theory]
    [InlineData(400, 6003, "Invalid request headers", ErrorIds.DnsCredentialRejected)]
    [InlineData(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers", ErrorIds.DnsCredentialRejected)]
    [InlineData(400, 9107, "Authentication failed", ErrorIds.DnsCredentialRejected)]
    [InlineData(403, 9103, "Unknown X-Auth-Key or X-Auth-Email", ErrorIds.DnsCredentialRejected)]
    [InlineData(401, 9109, "Invalid access token", ErrorIds.DnsCredentialRejected)]
    [InlineData(403, 9109, "Unauthorized to access requested resource", ErrorIds.DnsRightMissing)]
    [InlineData(401, 10000, "Authentication error", ErrorIds.DnsRightMissing)]
    [InlineData(403, 1009, "You do not have the permission", ErrorIds.DnsRightMissing)]
    [InlineData(404, 7003, "Could not route to /zones/x, perhaps your object identifier is invalid?", ErrorIds.DnsZoneNotFound)]
    [InlineData(400, 81053, "An A, AAAA, or CNAME record with that host already exists.", ErrorIds.DnsNameOccupied)]
    [InlineData(400, 81054, "A CNAME record with that host already exists.", ErrorIds.DnsNameOccupied)]
    [InlineData(400, 1004, "DNS Validation Error", ErrorIds.DnsChangeRefused)]
    [InlineData(400, 81045, "Record quota exceeded.", ErrorIds.DnsChangeRefused)]
    [InlineData(403, 1038, "You cannot use this API for domains with a .cf, .ga, .gq, .ml, or .tk TLD", ErrorIds.DnsChangeRefused)]
    [InlineData(405, 10000, "POST method not allowed for the api_token authentication scheme", ErrorIds.DnsChangeRefused)]
    [InlineData(429, 971, "Please wait and consider throttling your request speed", ErrorIds.RateLimited)]
    [InlineData(400, 10429, "Rate limited", ErrorIds.RateLimited)]
    [InlineData(503, 1, "Service temporarily unavailable", ErrorIds.DnsUnavailable)]
    public async Task Each_no_becomes_an_error_that_says_what_to_do(int status, int code, string message, string id)
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        KeyManagerException error = await Assert.ThrowsAnyAsync<KeyManagerException>(() => Refused(zone, status, code, message));
        Assert.Equal(id, error.ErrorId);
        Assert.NotNull(error.Remedy);
        if (id is not (ErrorIds.RateLimited or ErrorIds.DnsUnavailable))
        {
            Assert.Contains("records (Cloudflare)", error.Message, StringComparison.Ordinal);
            Assert.Contains(message.TrimEnd('.'), error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(403, "text/html", "<html><body>Sorry, you have been blocked</body></html>", ErrorIds.DnsRightMissing)]
    [InlineData(400, "application/json", "{\"error\":\"You cannot use this API for domains with a .cf, .ga, .gq, .ml, or .tk TLD\"}", ErrorIds.DnsChangeRefused)]
    [InlineData(405, "application/json", "{\"code\":1001,\"error\":\"method_not_allowed\"}", ErrorIds.DnsChangeRefused)]
    [InlineData(200, "text/html", "<html>Sign in to this network</html>", ErrorIds.DnsAnswerUnreadable)]
    [InlineData(200, "application/json", "{\"success\":true,\"result\":{}}", ErrorIds.DnsAnswerUnreadable)]
    [InlineData(200, "application/json", "{\"success\":true,\"result\":[{\"id\":\"TXT\",\"name\":\"contoso.test\",\"type\":\"TXT\"}]}", ErrorIds.DnsAnswerUnreadable)]
    [InlineData(302, "text/html", "", ErrorIds.DnsChangeRefused)]
    public async Task What_is_no_answer_of_the_interface_is_an_error_of_ours(int status, string type, string body, string id)
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.Next(1, _ => new HttpAnswer(status).With("Content-Type", type).WithBody(body));
        Assert.Equal(id, (await Assert.ThrowsAnyAsync<KeyManagerException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token))).ErrorId);
    }

    [Fact]
    public async Task A_TTL_that_the_plan_does_not_have_is_named()
    {
        AddZone(Zone);
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ChangeAsync(With((DnsSettings.Ttl, "30")), Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Contains("Invalid TTL", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Ttl", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_are_written_quoted_and_with_the_time_to_live_of_the_account()
    {
        AddZone(Zone);
        await ApplyAsync(Name, Add(Name, "proof"));
        await ChangeAsync(With((DnsSettings.Ttl, "1")), Add(Name, "automatic"));
        Assert.Equal([("\"proof\"", 120L), ("\"automatic\"", 1L)], _service.Contents(Name));
    }

    [Fact]
    public async Task Text_that_somebody_wrote_without_quotes_is_the_same_text()
    {
        AddZone(Zone);
        _service.Seed(Name, "TXT", "proof");
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Empty(Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_text_in_other_letters_is_another_text()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "PROOF");
        await ApplyAsync(Name, Add(Name, "proof"));
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Equal(["PROOF"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_value_that_somebody_else_adds_meanwhile_is_there_once()
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.BeforeChange = () =>
        {
            _service.BeforeChange = null;
            Seed(Name, "TXT", "proof");
        };
        await Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof"), Add(Zone, "other")], Token);
        Assert.Equal(["proof"], Values(Name, "TXT"));
        Assert.Equal(["other"], Values(Zone, "TXT"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_value_that_somebody_else_removes_meanwhile_is_gone_and_that_is_well(bool inBatch)
    {
        AddZone(Zone);
        Seed(Name, "TXT", "proof");
        Seed(Zone, "TXT", "other");
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        _service.BeforeChange = () =>
        {
            _service.BeforeChange = null;
            _service.Forget(Name, "proof");
        };
        await Provider.ApplyAsync(NewContext(), zone, inBatch ? [Remove(Name, "proof"), Remove(Zone, "other")] : [Remove(Name, "proof")], Token);
        Assert.Empty(Values(Name, "TXT"));
        Assert.Equal(inBatch ? [] : ["other"], Values(Zone, "TXT"));
    }

    [Fact]
    public async Task A_duplicate_that_nobody_sees_ends_in_the_words_of_the_service()
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => Refused(zone, 400, 81058, "An identical record already exists."));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Contains("identical record", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_no_longer_than_the_smallest_plan_allows()
    {
        AddZone(Zone);
        List<string> names = [.. Enumerable.Range(0, 250).Select(i => $"_acme-challenge.host{i}.contoso.test")];
        await ApplyAsync(Name, [.. names.Select(n => Add(n, "proof"))]);
        Assert.All(names, n => Assert.Equal(["proof"], Values(n, "TXT")));
        await ApplyAsync(Name, [.. names.Select(n => Remove(n, "proof"))]);
        Assert.Empty(_service.Zones.All(Zone));
        Assert.Equal(4, _service.Calls.Count(c => c.Target.EndsWith("/batch", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_zone_full_of_records_is_not_read_for_a_few()
    {
        AddZone(Zone);
        for (int i = 0; i < 700; i++)
        {
            Seed($"_acme-challenge.other{i}.contoso.test", "TXT", "theirs");
        }

        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        int before = Requests;
        await Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof"), Add("_acme-challenge.contoso.test", "proof")], Token);
        Assert.InRange(Requests - before, 1, 4); // a page, which turns out to be one of many, each name, and the write
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task An_alias_stays_out_of_the_proxy_and_text_does_not_make_way_for_it()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "theirs");
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Name, RecordChange.Add(DnsRecordType.CName, Name, "proof.elsewhere.test")));
        Assert.Equal(ErrorIds.DnsNameOccupied, error.ErrorId);
        await ApplyAsync(Name, Remove(Name, "theirs"), RecordChange.Add(DnsRecordType.CName, Name, "proof.elsewhere.test"));
        Assert.Equal(["proof.elsewhere.test"], Values(Name, "CNAME"));
    }

    [Fact]
    public async Task A_block_of_minutes_is_not_waited_for()
    {
        AddZone(Zone);
        _service.Next(1, _ => new HttpAnswer(429).With("Retry-After", "287"));
        RateLimitException error = await Assert.ThrowsAsync<RateLimitException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(Clock.UtcNow.AddSeconds(287), error.RetryAfter);
        Assert.Empty(Clock.Delays);
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

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\"one\" \"two\"", "onetwo")]
    [InlineData("\"a \\\"b\\\" \\\\ c\"", "a \"b\" \\ c")]
    [InlineData("\"b\\195\\188cher\"", "bücher")]
    [InlineData("\"bücher\"", "bücher")]
    [InlineData(" \"open", "open")]
    [InlineData("\"ends with \\", "ends with \\")]
    [InlineData("", "")]
    public void Contents_are_read_as_a_zone_file_is(string content, string meant) => Assert.Equal(meant, CloudflareText.Unquote(content));

    [Fact]
    public void Long_and_foreign_texts_are_quoted_in_strings_of_255_octets()
    {
        string value = new string('x', 254) + "ü\"\\" + new string('y', 300);
        string quoted = CloudflareText.Quote(value);
        Assert.StartsWith("\"" + new string('x', 254) + "\\195\" \"\\188\\\"\\\\", quoted, StringComparison.Ordinal);
        Assert.Equal(value, CloudflareText.Unquote(quoted));
    }

    private DnsContext KeyContext(string key) => Context(
        new Dictionary<string, string>(_service.Settings.ToDictionary(s => s.Key, s => s.Value)) { [CloudflareSettings.Email] = FakeCloudflare.Email },
        new Dictionary<string, string> { [CloudflareSettings.GlobalApiKey] = key });

    private DnsContext With((string Name, string Value) setting, (string Name, string Value)? secret = null) => With([setting], secret);

    // An account that was changed so often: what is known of it before the last change is forgotten.
    private DnsContext With((string Name, string Value)[]? settings = null, (string Name, string Value)? secret = null, int changed = 0)
    {
        Dictionary<string, string> all = _service.Settings.ToDictionary(s => s.Key, s => s.Value);
        foreach ((string name, string value) in settings ?? [])
        {
            all[name] = value;
        }

        DnsContext context = Context(all, secret is (string Name, string Value) one ? new Dictionary<string, string> { [one.Name] = one.Value } : _service.Secrets);
        return new DnsContext(context.Account with { UpdatedAt = context.Account.UpdatedAt.AddDays(changed) }, context.GetSecret, Reporter);
    }

    private async Task ChangeAsync(DnsContext context, params RecordChange[] changes) =>
        await Provider.ApplyAsync(context, (await Provider.FindZonesAsync(context, [changes[0].Name], Token))[changes[0].Name], changes, Token);

    // Every write is answered so, and each read before it as ever.
    private async Task Refused(HostedZone zone, int status, int code, string message)
    {
        _service.Refusing = FakeCloudflare.Refuse(status, code, message);
        await Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token);
    }
}
