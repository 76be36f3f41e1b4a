using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Dns.Services.Route53;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>Route 53 at a strict fake.</summary>
public sealed class Route53Tests : DnsProviderContract
{
    private readonly FakeRoute53 _service;
    private readonly HttpChannels _channels = new();
    private readonly TemporaryFolder _folder = new();
    private readonly Route53Provider _provider;

    public Route53Tests()
    {
        _service = new FakeRoute53(Clock);
        _provider = NewProvider();
    }

    private protected override IDnsProvider Provider => _provider;

    protected override int Requests => _service.Calls.Count;

    // The batch, and two questions whether it is in sync.
    protected override int MostRequests(int names) => 3;

    private protected override DnsContext NewContext() => Context(_service.Settings, _service.Secrets);

    private protected override DnsContext NewWrongContext() => Context(_service.Settings, new Dictionary<string, string> { ["SecretAccessKey"] = WrongSecret });

    protected override void AddZone(string zone) => _service.AddZone(zone);

    protected override void Seed(string name, string type, params string[] values) => _service.Seed(name, type, values);

    protected override IReadOnlyList<string> Values(string name, string type) => _service.Zones.Values(name, type);

    protected override void Throttle(int times) => _service.Throttle(times);

    public override void Dispose()
    {
        _channels.Dispose();
        _folder.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task One_value_takes_one_write_and_no_read()
    {
        AddZone(Zone);
        _service.PendingPolls = 3;
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["GET hostedzone", "POST rrset", "GET change", "GET change", "GET change", "GET change"], Steps());
        Assert.Equal(3, Clock.Delays.Count(d => d == TimeSpan.FromSeconds(4)));
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Equal("POST rrset", Steps().Last());
        Assert.Equal([1, 1], _service.Batches);
    }

    [Fact]
    public async Task A_set_that_is_there_keeps_its_time_to_live_and_the_text_of_its_values()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        const string Odd = "\"tab\\011and \" \"\\303\\244\"";
        _service.Put(zone, new FakeRecordSet(Name, "TXT", null, false, null, 7200, [Odd]));
        await ApplyAsync(Name, Add(Name, "proof"), Add(Name, "tab\tand ä"));
        FakeRecordSet set = Assert.Single(_service.Sets(zone, Name));
        Assert.Equal(7200, set.Ttl);
        Assert.Equal([Odd, "\"proof\""], set.Values);
        Assert.Equal(["GET hostedzone", "POST rrset", "GET rrset", "POST rrset"], Steps().Take(4));
        await ApplyAsync(Name, Remove(Name, "tab\tand ä"));
        Assert.Equal(["\"proof\""], Assert.Single(_service.Sets(zone, Name)).Values);
    }

    [Fact]
    public async Task A_new_set_has_the_time_to_live_of_the_account()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        await ApplyAsync(With(("Ttl", "5")), Name, Add(Name, "proof"));
        Assert.Equal(5, Assert.Single(_service.Sets(zone, Name)).Ttl);
    }

    [Fact]
    public async Task As_many_values_may_come_as_go()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        Seed(Name, "TXT", "other", "old");
        await ApplyAsync(Name, Remove(Name, "old"), Add(Name, "new"));
        Assert.Equal(["other", "new"], Values(Name, "TXT"));
        _service.Put(zone, new FakeRecordSet("_acme-challenge.contoso.test", "TXT", "a", true, null, 60, ["\"other\"", "\"old\""]));
        await ApplyAsync(Name, Remove("_acme-challenge.contoso.test", "old"), Add("_acme-challenge.contoso.test", "new"), Add("_acme-challenge.contoso.test", "gone"), Remove("_acme-challenge.contoso.test", "gone"));
        Assert.Equal(["other", "new"], Values("_acme-challenge.contoso.test", "TXT"));
    }

    [Fact]
    public async Task Letter_case_tells_values_apart()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "Proof");
        await ApplyAsync(Name, Add(Name, "proof"));
        await ApplyAsync(Name, Remove(Name, "Proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_long_text_is_cut_into_strings()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        string value = new string('a', 254) + "ä" + new string('b', 300);
        await ApplyAsync(Name, Add(Name, value), Remove("_acme-challenge.contoso.test", value));
        Assert.Equal($"\"{new string('a', 254)}\\303\" \"\\244{new string('b', 254)}\" \"{new string('b', 46)}\"", Assert.Single(_service.Sets(zone, Name)).Values[0]);
        Assert.Equal([value], Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_value_longer_than_Route_53_takes_is_refused_before_it_is_sent()
    {
        AddZone(Zone);
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, Add(Name, new string('"', 2500))));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Contains("4000", error.Message, StringComparison.Ordinal);
        Assert.Equal(["GET hostedzone"], Steps());
    }

    [Fact]
    public async Task A_name_with_an_asterisk_is_found_by_its_octal_escape()
    {
        AddZone(Zone);
        Seed("*.contoso.test", "TXT", "other");
        await ApplyAsync("*.contoso.test", Add("*.contoso.test", "proof"));
        Assert.Equal(["other", "proof"], Values("*.contoso.test", "TXT"));
    }

    [Theory]
    [InlineData("GET rrset", 1)]
    [InlineData("POST rrset", 2)]
    public async Task Fifty_names_that_hold_other_values_take_one_read_and_two_writes(string step, int times)
    {
        AddZone(Zone);
        List<string> names = [.. Enumerable.Range(0, 50).Select(i => $"_acme-challenge.host{i}.contoso.test")];
        names.ForEach(n => Seed(n, "TXT", "other"));
        await ApplyAsync(names[0], [.. names.Select(n => Add(n, "proof"))]);
        Assert.All(names, n => Assert.Equal(["other", "proof"], Values(n, "TXT")));
        Assert.Equal(times, Steps().Count(s => s == step));
    }

    [Fact]
    public async Task Names_that_lie_apart_in_a_large_zone_are_read_where_they_are()
    {
        AddZone(Zone);
        for (int i = 0; i < 700; i++)
        {
            Seed($"m{i:D3}.contoso.test", "A", "192.0.2.1");
        }

        foreach (string odd in new[] { "*", "a-b", "a@b", "a" })
        {
            Seed($"{odd}.contoso.test", "A", "192.0.2.1");
        }

        string[] names = ["_acme-challenge.contoso.test", "_acme-challenge.a.contoso.test", "_acme-challenge.m400.contoso.test", "_acme-challenge.zz.contoso.test", "zzz.contoso.test"];
        foreach (string name in names.Take(4))
        {
            Seed(name, "TXT", "other");
        }

        await ApplyAsync(names[0], [.. names.Select(n => Add(n, "proof"))]);
        Assert.All(names.Take(4), n => Assert.Equal(["other", "proof"], Values(n, "TXT")));
        Assert.Equal(["proof"], Values(names[4], "TXT"));
        Assert.InRange(Steps().Count(s => s == "GET rrset"), 1, 3);
    }

    [Fact]
    public async Task More_than_a_request_holds_goes_in_several()
    {
        AddZone(Zone);
        List<RecordChange> changes = [.. Enumerable.Range(0, 1500).Select(i => Add($"_acme-challenge.h{i}.contoso.test", "v" + i))];
        await ApplyAsync(Name, [.. changes]);
        Assert.Equal([1000, 500], _service.Batches);
        List<RecordChange> large = [.. Enumerable.Range(0, 20).Select(i => Add($"_acme-challenge.l{i}.contoso.test", new string('x', 3000)))];
        await ApplyAsync(Name, [.. large]);
        Assert.Equal([1000, 500, 10, 10], _service.Batches);
    }

    [Fact]
    public async Task A_full_set_says_so()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        _service.Put(zone, new FakeRecordSet(Name, "TXT", null, false, null, 60, [.. Enumerable.Range(0, 400).Select(i => $"\"{i}\"")]));
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsRecordSetFull, error.ErrorId);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        _service.Put(zone, new FakeRecordSet(Name, "TXT", null, false, null, 60, [.. Enumerable.Range(0, 300).Select(i => $"\"{i:D99}\"")]));
        Assert.Equal(ErrorIds.DnsRecordSetFull, (await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Name, Add(Name, "proof")))).ErrorId);
    }

    [Fact]
    public async Task Another_process_that_writes_in_between_loses_nothing()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        Seed(Name, "TXT", "other");
        for (int i = 0; i < 4; i++)
        {
            int round = i;
            _service.BeforeChange.Enqueue(() => _service.Put(zone, new FakeRecordSet(Name, "TXT", null, false, null, 300, ["\"other\"", $"\"theirs{round}\""])));
        }

        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["other", "theirs3", "proof"], Values(Name, "TXT"));
        _service.BeforeChange.Enqueue(() => _service.Put(zone, new FakeRecordSet(Name, "TXT", null, false, null, 300, ["\"proof\"", "\"late\""])));
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Equal(["late"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task Somebody_who_never_stops_writing_ends_in_an_error_that_can_be_tried_again()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        for (int i = 0; i < 100; i++)
        {
            int round = i;
            _service.BeforeChange.Enqueue(() => _service.Put(zone, new FakeRecordSet(Name, "TXT", null, false, null, 300, [$"\"theirs{round}\""])));
        }

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.True(error.IsTransient);
        Assert.InRange(Steps().Count(s => s == "POST rrset"), 6, 20);
    }

    [Fact]
    public async Task A_lost_answer_to_a_write_changes_nothing()
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = (await Provider.FindZonesAsync(context, [Name], Token))[Name];
        foreach (bool isRemoval in new[] { false, true })
        {
            RecordChange change = new(isRemoval, DnsRecordType.Txt, Name, "proof");
            _service.LoseAnswers = 1;
            await Provider.ApplyAsync(context, zone, [change], Token);
            Assert.Equal(isRemoval ? [] : ["proof"], Values(Name, "TXT"));
        }
    }

    [Fact]
    public async Task Sets_with_identifiers_are_joined_and_left_one_by_one()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        FakeRecordSet theirs = new(Name, "TXT", "\"theirs\"", true, null, 10, ["\"theirs\""]);
        _service.Put(zone, theirs);
        await ApplyAsync(Name, Add(Name, "one"), Add(Name, "two"));
        await ApplyAsync(Name, Add(Name, "one"));
        Assert.Equal(3, _service.Sets(zone, Name).Count);
        Assert.All(_service.Sets(zone, Name), s => Assert.True(s.IsMultiValue && s.Identifier is { Length: <= 128 } && s.Values.Count == 1));
        await ApplyAsync(Name, Remove(Name, "one"), Remove(Name, "two"));
        Assert.Equal(["\"theirs\""], _service.Sets(zone, Name).Select(s => s.Identifier));
        await ApplyAsync(Name, Remove(Name, "theirs"), Add(Name, "alone"));
        Assert.Null(Assert.Single(_service.Sets(zone, Name)).Identifier);
    }

    [Fact]
    public async Task A_value_of_a_routed_set_is_removed_and_none_is_added()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        _service.Put(zone, new FakeRecordSet(Name, "TXT", "blue", false, "10", 60, ["\"ours\"", "\"theirs\""]));
        _service.Put(zone, new FakeRecordSet(Name, "TXT", "green", false, "90", 60, ["\"theirs\""]));
        await ApplyAsync(Name, Remove(Name, "ours"));
        Assert.Equal(["10", "90"], _service.Sets(zone, Name).Select(s => s.Weight).OrderBy(w => w, StringComparer.Ordinal));
        Assert.All(_service.Sets(zone, Name), s => Assert.Equal(["\"theirs\""], s.Values));
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Contains("routed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alias_of_Route_53_and_text_beside_a_CNAME_are_named()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        _service.Put(zone, new FakeRecordSet(Name, "TXT", null, false, null, -1, []));
        Assert.Equal(ErrorIds.DnsNameOccupied, (await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Name, Add(Name, "proof")))).ErrorId);
        await ApplyAsync(Name, Remove(Name, "proof"));
        Seed("www.contoso.test", "TXT", "text");
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Name, RecordChange.Add(DnsRecordType.CName, "www.contoso.test", "elsewhere.test")));
        Assert.Equal(ErrorIds.DnsNameOccupied, error.ErrorId);
    }

    [Fact]
    public async Task The_public_zone_is_taken_and_not_the_private_one_of_its_name()
    {
        string hidden = _service.AddZone(Zone, isPrivate: true);
        string found = _service.AddZone(Zone, isPrivate: false);
        _service.AddZone("sub.contoso.test", isPrivate: false, isLinked: true);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), ["_acme-challenge.sub.contoso.test"], Token)).Values.Single();
        Assert.Equal((found, Zone), (zone.Id, zone.Name));
        Assert.Contains(Reporter.Steps, s => s.Contains(hidden) && s.Contains("private"));
        zone = (await Provider.FindZonesAsync(With(("ZoneId", hidden)), [Name], Token))[Name];
        Assert.Equal(hidden, zone.Id);
    }

    [Fact]
    public async Task Two_public_zones_of_one_name_are_told_apart_by_ZoneId()
    {
        string first = _service.AddZone(Zone, isPrivate: false);
        string second = _service.AddZone(Zone, isPrivate: false);
        AddZone("fabrikam.test");
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => Provider.FindZonesAsync(NewContext(), [Name], Token));
        Assert.Equal(ErrorIds.DnsZoneAmbiguous, error.ErrorId);
        Assert.Contains(first, error.Message, StringComparison.Ordinal);
        Assert.Contains(second, error.Message, StringComparison.Ordinal);
        Assert.Contains("ZoneId", error.Remedy, StringComparison.Ordinal);
        Assert.Single(await Provider.FindZonesAsync(NewContext(), ["www.fabrikam.test"], Token));
        await ApplyAsync(With(("ZoneId", $"arn:aws:route53:::hostedzone/{second}")), Name, Add(Name, "proof"));
        Assert.Single(_service.Sets(second, Name));
        Assert.Empty(_service.Sets(first, Name));
    }

    [Fact]
    public async Task A_zone_that_is_named_needs_no_right_to_list()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        string other = _service.AddZone("fabrikam.test", isPrivate: false);
        _service.Denied.Add("ListHostedZones");
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains("route53:ListHostedZones", error.Message, StringComparison.Ordinal);
        await ApplyAsync(With(("ZoneId", $"{other}, /hostedzone/{zone}")), Name, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Theory]
    [InlineData("ChangeResourceRecordSets")]
    [InlineData("ListResourceRecordSets")]
    public async Task A_right_that_is_missing_is_named(string action)
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        Seed(Name, "TXT", "other");
        _service.Denied.Add(action);
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains("route53:" + action, error.Message, StringComparison.Ordinal);
        Assert.Contains("hostedzone/" + zone, error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_to_ask_how_a_change_stands_it_is_made_with_a_warning()
    {
        AddZone(Zone);
        _service.Denied.Add("GetChange");
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
        Assert.Contains("route53:GetChange", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
        await ApplyAsync(With(("InSyncMaximum", "0")), Name, Add(Name, "more"));
        Assert.Single(Reporter.Warnings);
    }

    [Fact]
    public async Task The_wait_for_all_servers_has_an_end()
    {
        AddZone(Zone);
        _service.PendingPolls = 1000;
        DateTimeOffset start = Clock.UtcNow;
        await ApplyAsync(With(("InSyncMaximum", "30")), Name, Add(Name, "proof"));
        Assert.InRange(Clock.UtcNow - start, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
        Assert.Contains("30 seconds", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_that_is_still_busy_with_an_earlier_change_is_waited_for()
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = (await Provider.FindZonesAsync(context, [Name], Token))[Name];
        _service.Next(3, _ => _service.Error(400, "PriorRequestNotComplete", "The request was rejected because Route 53 was still processing a prior request."));
        await Provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token);
        Assert.Equal(["proof"], Values(Name, "TXT"));
        Assert.Equal([1, 2, 4], Clock.Delays.Take(3).Select(d => (int)d.TotalSeconds));
    }

    [Theory]
    [InlineData(-20)]
    [InlineData(20)]
    public async Task A_wrong_clock_is_named_with_both_times(int minutes)
    {
        AddZone(Zone);
        _service.Ahead = TimeSpan.FromMinutes(minutes);
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsClockWrong, error.ErrorId);
        Assert.Contains("12:00:00", error.Message, StringComparison.Ordinal);
        Assert.Contains(minutes < 0 ? "11:40:00" : "12:20:00", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "RequestExpired", ErrorIds.DnsClockWrong)]
    [InlineData(403, "InvalidClientTokenId", ErrorIds.DnsCredentialRejected)]
    [InlineData(403, "UnrecognizedClientException", ErrorIds.DnsCredentialRejected)]
    [InlineData(403, "MissingAuthenticationToken", ErrorIds.DnsCredentialRejected)]
    [InlineData(400, "IncompleteSignature", ErrorIds.DnsCredentialRejected)]
    [InlineData(403, "ExpiredToken", ErrorIds.DnsCredentialRejected)]
    [InlineData(403, "SomethingNew", ErrorIds.DnsCredentialRejected)]
    [InlineData(403, "AccessDenied", ErrorIds.DnsRightMissing)]
    [InlineData(404, "NoSuchHostedZone", ErrorIds.DnsZoneNotFound)]
    [InlineData(400, "InvalidInput", ErrorIds.DnsChangeRefused)]
    [InlineData(400, "InvalidChangeBatch", ErrorIds.DnsChangeRefused)]
    [InlineData(400, "ThrottlingException", ErrorIds.RateLimited)]
    [InlineData(503, "ServiceUnavailable", ErrorIds.DnsUnavailable)]
    public async Task Each_error_of_the_service_is_told_in_our_terms_in_either_form(int status, string code, string errorId)
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = (await Provider.FindZonesAsync(context, [Name], Token))[Name];
        foreach (bool isShort in new[] { false, true })
        {
            _service.WritesErrorsShort = isShort;
            _service.Fail = call => call.Method == "POST" ? _service.Error(status, code, "its own words") : null;
            KeyManagerException error = await Assert.ThrowsAnyAsync<KeyManagerException>(() => Provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token));
            Assert.Equal(errorId, error.ErrorId);
            Assert.Contains(errorId == ErrorIds.DnsUnavailable ? "503" : "records", error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.Remedy);
        }
    }

    [Theory]
    [InlineData(200, "<html><body>Sign in</body></html>")]
    [InlineData(200, "")]
    [InlineData(200, "<ListHostedZonesResponse><HostedZones><HostedZone><Id>../../x?</Id><Name>contoso.test.</Name></HostedZone></HostedZones></ListHostedZonesResponse>")]
    [InlineData(200, "<ListHostedZonesResponse><HostedZones/><IsTruncated>true</IsTruncated></ListHostedZonesResponse>")]
    [InlineData(200, "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><ListHostedZonesResponse><HostedZones><HostedZone><Id>Z1</Id><Name>&e;</Name></HostedZone></HostedZones></ListHostedZonesResponse>")]
    [InlineData(302, "")]
    [InlineData(403, "blocked by the firewall")]
    public async Task An_answer_that_is_none_of_Route_53_is_one_error(int status, string body)
    {
        _service.Next(1, _ => new HttpAnswer(status).With("Location", "https://elsewhere.test/").WithBody(body));
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => Provider.FindZonesAsync(NewContext(), [Name], Token));
        Assert.Equal(ErrorIds.DnsAnswerUnreadable, error.ErrorId);
        Assert.Contains("records", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_nested_without_end_is_one_error()
    {
        AddZone(Zone);
        const int Depth = 100000;
        string nested = string.Concat(Enumerable.Repeat("<a>", Depth)) + string.Concat(Enumerable.Repeat("</a>", Depth));
        _service.Fail = call => call.Method == "GET" ? new HttpAnswer(200).WithBody(
            $"<ListResourceRecordSetsResponse><ResourceRecordSets><ResourceRecordSet><Name>x.</Name><Type>TXT</Type>{nested}</ResourceRecordSet></ResourceRecordSets></ListResourceRecordSetsResponse>") : null;
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => Provider.FindZonesAsync(With(("ZoneId", "Z1")), [Name], Token));
        Assert.Equal(ErrorIds.DnsAnswerUnreadable, error.ErrorId);
    }

    [Fact]
    public async Task A_list_that_never_ends_is_left()
    {
        _service.Fail = _ => new HttpAnswer(200).WithBody("<ListHostedZonesResponse><HostedZones/><IsTruncated>true</IsTruncated><NextMarker>Z1</NextMarker></ListHostedZonesResponse>");
        Assert.Equal(ErrorIds.DnsAnswerUnreadable, (await Assert.ThrowsAsync<ChallengeException>(() => Provider.FindZonesAsync(NewContext(), [Name], Token))).ErrorId);
    }

    [Fact]
    public async Task Answers_that_were_damaged_never_throw_anything_but_our_errors()
    {
        string zone = _service.AddZone(Zone, isPrivate: false);
        _service.Put(zone, new FakeRecordSet(Name, "TXT", null, false, null, 60, ["\"other\""]));
        await ApplyAsync(Name, Add(Name, "first"));
        Random random = new(53);
        _service.Damage = body =>
        {
            byte[] damaged = [.. body];
            for (int i = random.Next(4); i >= 0 && damaged.Length > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            return random.Next(8) == 0 ? [.. damaged.Take(random.Next(damaged.Length + 1))] : damaged;
        };
        int errors = 0;
        for (int i = 0; i < 300; i++)
        {
            try
            {
                Clock.Advance(TimeSpan.FromMinutes(2));
                await ApplyAsync(Name, i % 2 == 0 ? Add(Name, "proof") : Remove(Name, "proof"));
            }
            catch (Exception error) when (error is KeyManagerException or KeyNotFoundException)
            {
                errors++; // not found: the zone's name was damaged
            }
        }

        Assert.InRange(errors, 1, 300);
        _service.Damage = null;
        Clock.Advance(TimeSpan.FromMinutes(2));
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Contains("other", Values(Name, "TXT"));
        Assert.Contains("first", Values(Name, "TXT"));
    }

    [Fact]
    public async Task Twenty_zones_at_once_stay_below_five_requests_in_a_second()
    {
        List<string> names = [.. Enumerable.Range(0, 20).Select(i => $"_acme-challenge.zone{i}.test")];
        names.ForEach(n => AddZone(n.Substring(16)));
        DnsContext context = With(("InSyncMaximum", "0"));
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(context, names, Token);
        DateTimeOffset start = Clock.UtcNow;
        await Task.WhenAll(zones.Select(z => Task.Run(() => Provider.ApplyAsync(context, z.Value, [Add(z.Key, "proof")], Token))));
        Assert.All(names, n => Assert.Equal(["proof"], Values(n, "TXT")));
        Assert.Equal(21, _service.Calls.Count);
        Assert.InRange(Clock.UtcNow - start, TimeSpan.FromMilliseconds(3200), TimeSpan.FromMinutes(1)); // five at once, then one each 200 ms
    }

    [Fact]
    public async Task A_zone_that_is_gone_is_looked_for_anew()
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        await Provider.FindZonesAsync(context, [Name], Token);
        await Provider.FindZonesAsync(context, [Name], Token);
        Assert.Single(Steps());
        NotFoundException error = await Assert.ThrowsAsync<NotFoundException>(() => Provider.ApplyAsync(context, new HostedZone("Z9", Zone), [Add(Name, "proof")], Token));
        Assert.Equal(ErrorIds.DnsZoneNotFound, error.ErrorId);
        Assert.Contains(Zone, error.Message, StringComparison.Ordinal);
        await Provider.FindZonesAsync(context, [Name], Token);
        Assert.Equal("GET hostedzone", Steps().Last());
    }

    [Theory]
    [InlineData("us-gov-west-1", "aws-us-gov", "route53.us-gov.amazonaws.com", "us-gov-west-1")]
    [InlineData("cn-north-1", "aws-cn", "route53.amazonaws.com.cn", "cn-northwest-1")]
    [InlineData("eusc-de-east-1", "aws-eusc", "route53.amazonaws.eu", "eusc-de-east-1")]
    [InlineData("ap-southeast-2", "aws", "route53.amazonaws.com", "us-east-1")]
    public async Task The_region_chooses_the_partition_and_not_the_signature(string region, string partition, string host, string signingRegion)
    {
        Assert.Equal((partition, host), (AwsPartition.Of(region).Name, AwsPartition.Of(region).Route53Host));
        AddZone(Zone);
        _service.Region = signingRegion;
        await ApplyAsync(With(("Region", region)), Name, Add(Name, "proof"));
        _service.Denied.Add("ChangeResourceRecordSets");
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ApplyAsync(With(("Region", region)), Name, Add(Name, "more")));
        Assert.Contains($"arn:{partition}:route53:::hostedzone/", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_least_rights_are_a_policy()
    {
        string text = Provider.Description.LeastRights;
        Newtonsoft.Json.Linq.JObject policy = Newtonsoft.Json.Linq.JObject.Parse(text.Substring(text.IndexOf('{')));
        Assert.Equal(
            ["route53:ListHostedZones", "route53:GetChange", "route53:ListResourceRecordSets", "route53:ChangeResourceRecordSets"],
            policy["Statement"]!.Select(s => (string?)s["Action"]));
        string guide = System.IO.File.ReadAllText(Repository.File("docs", "dns", "route53.md")).Replace("\r", "");
        Assert.Contains(text.Substring(text.IndexOf('{')).Replace("\r", ""), guide, StringComparison.Ordinal);
    }

    private Route53Provider NewProvider() => new(_channels, Clock, new TestEnvironment(_folder.Path));

    private DnsContext With(params (string Name, string Value)[] settings)
    {
        Dictionary<string, string> all = _service.Settings.ToDictionary(s => s.Key, s => s.Value);
        foreach ((string name, string value) in settings)
        {
            all[name] = value;
        }

        return Context(all, _service.Secrets);
    }

    private async Task ApplyAsync(DnsContext context, string name, params RecordChange[] changes) =>
        await Provider.ApplyAsync(context, (await Provider.FindZonesAsync(context, [name], Token))[name], changes, Token);

    private IEnumerable<string> Steps() => _service.Calls.Select(c => $"{c.Method} {(c.Target.Contains("/rrset") ? "rrset" : c.Target.Contains("/change/") ? "change" : "hostedzone")}");
}
