using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Dns.Services.Azure;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Xunit;
using Answer = KeyManager.Providers.Networking.HttpAnswer;

namespace KeyManager.Tests.Dns.Services;

/// <summary>Azure DNS: record sets, zones and what it refuses. Who one is: <see cref="AzureCredentialTests"/>.</summary>
public sealed class AzureTests : DnsProviderContract
{
    private const string Other = "eeeeeeee-0000-4000-8000-000000000006";

    private readonly FakeAzure _azure;
    private readonly HttpChannels _channels = new();
    private readonly AzureProvider _provider;
    private IReadOnlyList<string> _delegation = [];

    public AzureTests()
    {
        _azure = new FakeAzure(() => Clock.UtcNow);
        _provider = new AzureProvider(_channels, Clock, new AzureMachine(), (_, _, _) => Task.FromResult(_delegation));
    }

    private protected override IDnsProvider Provider => _provider;

    protected override int Requests => _azure.RecordRequests;

    public override void Dispose()
    {
        _channels.Dispose();
        _azure.Dispose();
    }

    [Fact]
    public async Task A_value_that_another_program_adds_in_between_survives()
    {
        AddZone(Zone);
        _azure.Seed(Name, "TXT", "first");
        _azure.Records.BeforeWrites.Enqueue(() => _azure.Seed(Name, "TXT", "first", "theirs"));
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["first", "theirs", "proof"], Values(Name, "TXT"));
        Assert.Equal(4, _azure.RecordRequests);
    }

    [Fact]
    public async Task The_first_value_of_another_program_survives_ours()
    {
        AddZone(Zone);
        _azure.Records.BeforeWrites.Enqueue(() => _azure.Seed(Name, "TXT", "theirs"));
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["theirs", "proof"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_value_that_is_added_before_the_set_would_go_survives()
    {
        AddZone(Zone);
        _azure.Seed(Name, "TXT", "proof");
        _azure.Records.BeforeWrites.Enqueue(() => _azure.Seed(Name, "TXT", "proof", "theirs"));
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Equal(["theirs"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_set_that_others_change_for_ever_ends_in_an_error_that_says_so()
    {
        AddZone(Zone);
        for (int i = 0; i < 20; i++)
        {
            string theirs = $"theirs{i}";
            _azure.Records.BeforeWrites.Enqueue(() => _azure.Seed(Name, "TXT", theirs));
        }

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.True(error.IsTransient);
        Assert.Contains("PreconditionFailed", error.Message, StringComparison.Ordinal);
        Assert.InRange(Clock.Delays.Count, 5, 20);
    }

    [Fact]
    public async Task What_belongs_to_others_is_written_as_it_was_read()
    {
        AddZone(Zone);
        Dictionary<string, object?> metadata = new() { ["acmetscheck"] = "1700000000", ["owner"] = "web" };
        Dictionary<string, object?> key = FakeAzureRecords.Text("v=DKIM1; p=" + new string('A', 200), new string('B', 255), "C");
        _azure.Records.Put(Zone, Name, "TXT", new() { ["TTL"] = 7200L, ["metadata"] = metadata, ["TXTRecords"] = new List<object?> { FakeAzureRecords.Text("-"), key, FakeAzureRecords.Text(@"\195\188 \\ \""") } });
        await ApplyAsync(Name, Add(Name, "proof"));
        IReadOnlyDictionary<string, object?> set = _azure.Records.Find(Zone, Name, "TXT")!;
        Assert.Equal(7200L, set["TTL"]);
        Assert.Equal(StrictJson.Write(metadata), StrictJson.Write(set["metadata"]));
        Assert.Equal(
            StrictJson.Write(new List<object?> { FakeAzureRecords.Text("-"), key, FakeAzureRecords.Text(@"\195\188 \\ \"""), FakeAzureRecords.Text("proof") }), StrictJson.Write(set["TXTRecords"]));
        Assert.Equal(["-", "v=DKIM1; p=" + new string('A', 200) + new string('B', 255) + "C", "ü \\ \"", "proof"], Values(Name, "TXT"));
    }

    [Theory]
    [InlineData("ü \\ \"")]
    [InlineData("plain")]
    public async Task A_value_is_known_again_however_it_is_written(string value)
    {
        AddZone(Zone);
        object written = value == "plain" ? FakeAzureRecords.Text("pl", "", @"\097in") : FakeAzureRecords.Text(@"\195\188 \\ \""");
        _azure.Records.Put(Zone, Name, "TXT", new() { ["TTL"] = 60L, ["TXTRecords"] = new List<object?> { written } });
        await ApplyAsync(Name, Add(Name, value));
        Assert.Equal([value], Values(Name, "TXT"));
        await ApplyAsync(Name, Remove(Name, value));
        Assert.Null(_azure.Records.Find(Zone, Name, "TXT"));
    }

    [Fact]
    public async Task Values_differ_by_letter_case()
    {
        AddZone(Zone);
        _azure.Seed(Name, "TXT", "Proof");
        await ApplyAsync(Name, Add(Name, "proof"));
        await ApplyAsync(Name, Remove(Name, "PROOF"));
        Assert.Equal(["Proof", "proof"], Values(Name, "TXT"));
    }

    [Theory]
    [InlineData(null, 60L)]
    [InlineData("2147483647", 2147483647L)]
    public async Task A_new_set_has_the_time_of_the_account(string? ttl, long expected)
    {
        AddZone(Zone);
        DnsContext context = ttl is null ? NewContext() : NewContext(("Ttl", ttl));
        await _provider.ApplyAsync(context, await FindAsync(context, Name), [Add(Name, "proof")], Token);
        Assert.Equal(expected, _azure.Records.Find(Zone, Name, "TXT")!["TTL"]);
    }

    [Fact]
    public async Task What_is_added_and_taken_away_at_once_is_not_written()
    {
        AddZone(Zone);
        await ApplyAsync(Name, Add(Name, "proof"), Remove(Name, "proof"));
        Assert.Equal(1, _azure.RecordRequests);
    }

    [Fact]
    public async Task An_empty_set_takes_a_value()
    {
        AddZone(Zone);
        _azure.Records.Put(Zone, Name, "TXT", new() { ["TTL"] = 60L, ["TXTRecords"] = new List<object?>() });
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.NotNull(_azure.Records.Find(Zone, Name, "TXT"));
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task Quoted_ETags_and_members_in_other_letters_are_read()
    {
        AddZone(Zone);
        _azure.Records.QuotesETags = _azure.Records.WritesLowerCase = true;
        _azure.Seed(Name, "TXT", "other");
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["other", "proof"], Values(Name, "TXT"));
        Assert.Equal(300L, _azure.Records.Find(Zone, Name, "TXT")!["TTL"]);
    }

    [Theory]
    [InlineData("contoso.test.foo.contoso.test")]
    [InlineData("*.contoso.test")]
    [InlineData("*.foo.contoso.test")]
    public async Task The_name_of_the_zone_is_cut_off_once(string name)
    {
        AddZone(Zone);
        await ApplyAsync(name, Add(name, "proof"));
        Assert.Equal(["proof"], Values(name, "TXT"));
    }

    [Fact]
    public async Task A_set_that_may_not_be_deleted_is_emptied()
    {
        AddZone(Zone);
        _azure.Lock = "CanNotDelete";
        await ApplyAsync(Name, Add(Name, "proof"));
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Empty(Values(Name, "TXT"));
        await ApplyAsync(Name, Add(Name, "again"));
        Assert.Equal(["again"], Values(Name, "TXT"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lock_against_writing_is_named(bool isRemoval)
    {
        AddZone(Zone);
        _azure.Seed(Name, "TXT", "old");
        _azure.Lock = "ReadOnly";
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, isRemoval ? Remove(Name, "old") : Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Contains("ScopeLocked", error.Message, StringComparison.Ordinal);
        Assert.Contains("lock", error.Remedy, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
    }

    [Fact]
    public async Task Another_change_that_is_going_on_is_waited_for()
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = await FindAsync(context, Name);
        _azure.Seed(Name, "TXT", "other");
        int writes = 0;
        _azure.Records.BeforeWrites.Enqueue(() => writes++);
        _azure.Next(1, _ => FakeAzure.Bare(404, "NotFound", "The resource record does not exist."));
        _azure.Next(1, _ => FakeAzure.Error(409, "AnotherOperationInProgress", "Another operation is in progress."));
        await _provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token);
        Assert.Equal(["other", "proof"], Values(Name, "TXT"));
        Assert.Equal(1, writes);
    }

    [Theory]
    [InlineData("TXT/read")]
    [InlineData("TXT/write")]
    [InlineData("TXT/delete")]
    public async Task A_right_that_is_missing_is_named(string action)
    {
        AddZone(Zone);
        _azure.Seed(Name, "TXT", "old");
        _azure.Denied.Add(action);
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ApplyAsync(Name, action == "TXT/delete" ? Remove(Name, "old") : Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains(action, error.Message, StringComparison.Ordinal);
        Assert.Contains("request-17", error.Message, StringComparison.Ordinal);
        Assert.Contains("DNS Zone Contributor", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("ten minutes", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_occupied_name_is_known_without_the_right_to_read_aliases()
    {
        AddZone(Zone);
        _azure.Seed(Name, "CNAME", "theirs.elsewhere.test");
        _azure.Denied.Add("CNAME/read");
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsNameOccupied, error.ErrorId);
    }

    [Fact]
    public async Task An_alias_takes_the_place_of_a_text_in_one_call()
    {
        AddZone(Zone);
        _azure.Seed(Name, "TXT", "old");
        await ApplyAsync(Name, RecordChange.Add(DnsRecordType.CName, Name, "proof.elsewhere.test"), Remove(Name, "old"));
        Assert.Empty(Values(Name, "TXT"));
        Assert.Equal(["proof.elsewhere.test"], Values(Name, "CNAME"));
    }

    [Fact]
    public async Task An_alias_is_not_written_beside_a_text()
    {
        AddZone(Zone);
        _azure.Seed(Name, "TXT", "theirs");
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Name, RecordChange.Add(DnsRecordType.CName, Name, "proof.elsewhere.test")));
        Assert.Equal(ErrorIds.DnsNameOccupied, error.ErrorId);
        Assert.Equal(["theirs"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task A_set_that_is_full_is_named()
    {
        AddZone(Zone);
        _azure.Records.Longest = 4096;
        _azure.Seed(Name, "TXT", [.. Enumerable.Range(0, 40).Select(i => $"{i:00}" + new string('x', 100))]);
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => ApplyAsync(Name, Add(Name, new string('y', 43))));
        Assert.Equal(ErrorIds.DnsRecordSetFull, error.ErrorId);
        Assert.Contains("4096", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "BadRequest", ErrorIds.DnsChangeRefused)]
    [InlineData(400, "NoRegisteredProviderFound", ErrorIds.DnsChangeRefused)]
    [InlineData(404, "ResourceNotFound", ErrorIds.DnsZoneNotFound)]
    [InlineData(404, "ResourceGroupNotFound", ErrorIds.DnsZoneNotFound)]
    [InlineData(403, "LinkedAuthorizationFailed", ErrorIds.DnsRightMissing)]
    [InlineData(409, "ScopeLocked", ErrorIds.DnsChangeRefused)]
    public async Task What_it_refuses_is_told_in_its_own_words(int status, string code, string id)
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = await FindAsync(context, Name);
        foreach (Func<HttpCall, HttpAnswer> answer in new Func<HttpCall, HttpAnswer>[] { _ => FakeAzure.Error(status, code, "Its own words."), _ => FakeAzure.Bare(status, code, "Its own words.") })
        {
            _azure.Next(1, answer);
            KeyManagerException error = await Assert.ThrowsAnyAsync<KeyManagerException>(() => _provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token));
            Assert.Equal(id, error.ErrorId);
            Assert.Contains($"Its own words. ({code}", error.Message, StringComparison.Ordinal);
            Assert.Contains(context.Account.Name, error.Message, StringComparison.Ordinal);
            Assert.Contains(Zone, error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.Remedy);
        }
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Trouble_of_the_service_is_waited_for_and_then_named(int status)
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = await FindAsync(context, Name);
        _azure.Next(2, _ => new HttpAnswer(status));
        await _provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token);
        _azure.Next(20, _ => new HttpAnswer(status));
        TransportException error = await Assert.ThrowsAsync<TransportException>(() => _provider.ApplyAsync(context, zone, [Add(Name, "other")], Token));
        Assert.Equal(ErrorIds.DnsUnavailable, error.ErrorId);
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_made_once()
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = await FindAsync(context, Name);
        _azure.Records.BeforeWrites.Enqueue(() => _azure.Seed(Name, "TXT", "proof")); // arrived; the client hears 412 of its second try
        await _provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token);
        Assert.Equal(["proof"], Values(Name, "TXT"));
        _azure.Next(1, _ => HttpAnswer.Drop());
        await _provider.ApplyAsync(context, zone, [Remove(Name, "proof")], Token);
        Assert.Empty(Values(Name, "TXT"));
    }

    [Theory]
    [InlineData("<html>proxy</html>")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("")]
    public async Task An_answer_that_is_none_of_Azure_is_named(string body)
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = await FindAsync(context, Name);
        foreach (int status in new[] { 200, 400, 403, 404, 302 })
        {
            _azure.Next(1, _ => new HttpAnswer(status).WithBody(body));
            ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => _provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token));
            Assert.Equal(ErrorIds.DnsAnswerUnreadable, error.ErrorId);
        }
    }

    [Fact]
    public async Task A_zone_that_is_gone_is_looked_for_anew()
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        HostedZone zone = await FindAsync(context, Name);
        _azure.RemoveZone(Zone);
        NotFoundException error = await Assert.ThrowsAsync<NotFoundException>(() => _provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token));
        Assert.Equal(ErrorIds.DnsZoneNotFound, error.ErrorId);
        _azure.AddZone(Zone, FakeAzure.Subscription, "other-rg");
        await _provider.ApplyAsync(context, await FindAsync(context, Name), [Add(Name, "proof")], Token);
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task Private_zones_are_left_out_and_old_ones_without_a_kind_are_not()
    {
        _azure.AddZone("contoso.test", FakeAzure.Subscription, FakeAzure.ResourceGroup, kind: null);
        _azure.AddZone("sub.contoso.test", FakeAzure.Subscription, FakeAzure.ResourceGroup, kind: "Private");
        Assert.Equal("contoso.test", (await FindAsync(NewContext(), "_acme-challenge.sub.contoso.test")).Name);
    }

    [Fact]
    public async Task Zones_are_found_in_several_subscriptions()
    {
        AddZone(Zone);
        _azure.AddZone("fabrikam.test", Other, "their-rg");
        DnsContext context = NewContext(("SubscriptionId", $"{FakeAzure.Subscription}, {Other}"));
        IReadOnlyDictionary<string, HostedZone> zones = await _provider.FindZonesAsync(context, [Name, "www.fabrikam.test"], Token);
        await _provider.ApplyAsync(context, zones["www.fabrikam.test"], [Add("www.fabrikam.test", "proof")], Token);
        Assert.Equal(2, zones.Count);
        Assert.Equal(["proof"], Values("www.fabrikam.test", "TXT"));
    }

    [Fact]
    public async Task A_resource_group_narrows_what_is_listed()
    {
        AddZone(Zone);
        _azure.AddZone("fabrikam.test", FakeAzure.Subscription, "their (group)");
        DnsContext context = NewContext(("ResourceGroup", "THEIR (group)"));
        IReadOnlyDictionary<string, HostedZone> zones = await _provider.FindZonesAsync(context, [Name, "www.fabrikam.test"], Token);
        await _provider.ApplyAsync(context, zones["www.fabrikam.test"], [Add("www.fabrikam.test", "proof")], Token);
        Assert.Equal(["www.fabrikam.test"], zones.Keys);
    }

    [Fact]
    public async Task The_list_is_read_in_pages_and_not_for_every_order()
    {
        _azure.PageSize = 7;
        for (int i = 0; i < 30; i++)
        {
            AddZone($"zone{i}.test");
        }

        DnsContext context = NewContext();
        Assert.Equal("zone29.test", (await FindAsync(context, "a.zone29.test")).Name);
        Assert.Equal("zone0.test", (await FindAsync(context, "a.zone0.test")).Name);
        Assert.Equal(5, Lists);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await FindAsync(context, "a.zone0.test");
        Assert.Equal(10, Lists);
    }

    [Fact]
    public async Task A_next_page_somewhere_else_gets_no_token()
    {
        using FakeAzure elsewhere = new(() => Clock.UtcNow);
        _azure.PageSize = 1;
        _azure.NextPageHost = elsewhere.Url.GetLeftPart(UriPartial.Authority);
        AddZone(Zone);
        AddZone("fabrikam.test");
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => FindAsync(NewContext(), Name));
        Assert.Equal(ErrorIds.DnsAnswerUnreadable, error.ErrorId);
        Assert.Empty(elsewhere.Calls);
    }

    [Fact]
    public async Task A_list_without_an_end_is_given_up()
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        _azure.Next(1, _azure.Entra.Answer);
        _azure.Next(1000, call => HttpAnswer.Json(200, new Dictionary<string, object?> { ["value"] = new List<object?>(), ["nextLink"] = _azure.Url.GetLeftPart(UriPartial.Authority) + call.Target }));
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => FindAsync(context, Name));
        Assert.Equal(ErrorIds.DnsAnswerUnreadable, error.ErrorId);
    }

    [Fact]
    public async Task A_list_that_is_forbidden_names_the_zone_id_as_the_way_out()
    {
        AddZone(Zone);
        _azure.Denied.Add("dnsZones/read");
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => FindAsync(NewContext(), Name));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains("-ZoneId", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_list_is_told_like_a_forbidden_one()
    {
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => FindAsync(NewContext(), Name));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains("-ZoneId", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SubscriptionId", Other, "SubscriptionNotFound")]
    [InlineData("ResourceGroup", "nowhere-rg", "ResourceGroupNotFound")]
    public async Task A_subscription_or_group_that_is_not_there_is_named(string setting, string value, string code)
    {
        AddZone(Zone);
        NotFoundException error = await Assert.ThrowsAsync<NotFoundException>(() => FindAsync(NewContext((setting, value)), Name));
        Assert.Equal(ErrorIds.DnsZoneNotFound, error.ErrorId);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/subscriptions/{0}/resourceGroups/DNS-rg/providers/Microsoft.Network/dnsZones/Contoso.test")]
    [InlineData("'/SUBSCRIPTIONS/{0}/resourcegroups/dns-RG/providers/microsoft.network/dnszones/contoso.test/'")]
    [InlineData("%2Fsubscriptions%2F{0}%2fresourceGroups%2Fdns-rg%2Fproviders%2FMicrosoft.Network%2FdnsZones%2Fcontoso.test")]
    public async Task A_zone_that_is_named_by_its_id_needs_no_list(string id)
    {
        AddZone(Zone);
        _azure.Denied.Add("dnsZones/read");
        Dictionary<string, string> settings = _azure.Settings.Where(s => s.Key != "SubscriptionId").ToDictionary(s => s.Key, s => s.Value);
        settings["ZoneId"] = string.Format(CultureInfo.InvariantCulture, id, FakeAzure.Subscription);
        DnsContext context = Context(settings, _azure.Secrets);
        _provider.Check(context);
        await _provider.ApplyAsync(context, await FindAsync(context, Name), [Add(Name, "proof")], Token);
        Assert.Equal(["proof"], Values(Name, "TXT"));
        Assert.Equal(0, Lists);
    }

    [Fact]
    public async Task A_named_zone_stands_in_for_a_list_that_is_forbidden()
    {
        AddZone(Zone);
        _azure.Denied.Add("dnsZones/read");
        DnsContext context = NewContext(("ZoneId", $"/subscriptions/{FakeAzure.Subscription}/resourceGroups/dns-rg/providers/Microsoft.Network/dnsZones/{Zone}"));
        Assert.Equal(Zone, (await FindAsync(context, Name)).Name);
        Assert.Contains("list the zones", Assert.Single(Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_zones_of_one_name_are_told_apart_by_their_servers()
    {
        AddZone(Zone);
        FakeAzureZone live = _azure.AddZone(Zone, FakeAzure.Subscription, "live-rg");
        _delegation = ["ns9.elsewhere.test", live.NameServer.TrimEnd('.')];
        Assert.Contains("LIVE-RG", (await FindAsync(NewContext(), Name)).Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_zones_of_one_name_are_named_when_nobody_tells_which_is_asked()
    {
        AddZone(Zone);
        _azure.AddZone(Zone, FakeAzure.Subscription, "live-rg");
        ConflictException error = await Assert.ThrowsAsync<ConflictException>(() => FindAsync(NewContext(), Name));
        Assert.Equal(ErrorIds.DnsZoneAmbiguous, error.ErrorId);
        Assert.Contains("/resourceGroups/LIVE-RG/", error.Message, StringComparison.Ordinal);
        Assert.Contains("-ZoneId", error.Remedy, StringComparison.Ordinal);
        AddZone("fabrikam.test");
        Assert.Equal("fabrikam.test", (await FindAsync(NewContext(("Ttl", "61"), ("ResourceGroup", FakeAzure.ResourceGroup)), "www.fabrikam.test")).Name);
    }

    [Fact]
    public async Task Of_two_zones_of_one_name_the_one_with_the_given_id_is_used()
    {
        AddZone(Zone);
        FakeAzureZone live = _azure.AddZone(Zone, FakeAzure.Subscription, "live-rg");
        AddZone("fabrikam.test");
        DnsContext context = NewContext(("ZoneId", live.Id));
        Assert.Contains("LIVE-RG", (await FindAsync(context, Name)).Id, StringComparison.Ordinal);
        Assert.Equal("fabrikam.test", (await FindAsync(context, "www.fabrikam.test")).Name);
    }

    [Fact]
    public async Task The_servers_of_a_zone_are_asked_of_the_resolver_of_the_account()
    {
        AddZone(Zone);
        using ZoneNameServer server = new(_azure.Zones);
        DnsContext context = NewContext(("Resolver", server.EndPoint.ToString()));
        Assert.Equal(["ns1.contoso.test"], await new Delegation(global::KeyManager.Clock.System).FindAsync(context, Zone, Token));
        Assert.Empty(await new Delegation(global::KeyManager.Clock.System).FindAsync(context, "nowhere.test", Token));
    }

    [Fact]
    public async Task Many_names_stay_inside_the_limits_of_a_subscription()
    {
        AddZone(Zone);
        List<string> names = [.. Enumerable.Range(0, 260).Select(i => $"_acme-challenge.host{i}.contoso.test")];
        DnsContext context = NewContext();
        HostedZone zone = await FindAsync(context, names[0]);
        DateTimeOffset start = Clock.UtcNow;
        await _provider.ApplyAsync(context, zone, [.. names.Select(n => Add(n, "proof"))], Token);
        Assert.All(names, n => Assert.Equal(["proof"], Values(n, "TXT")));
        Assert.Equal(520, _azure.RecordRequests);

        // 200 writes at once, then 10 in a second.
        Assert.InRange((Clock.UtcNow - start).TotalSeconds, 6, 3600);
    }

    [Fact]
    public async Task Writes_are_counted_over_five_minutes_too()
    {
        FakeClock clock = new() { SkipsDelays = true };
        RequestBudget budget = RequestBudget.OfWrites(clock);
        DateTimeOffset start = clock.UtcNow;
        List<DateTimeOffset> moments = [];
        for (int i = 0; i < 2500; i++)
        {
            await budget.TakeAsync(Token);
            moments.Add(clock.UtcNow);
        }

        Assert.Equal(start, moments[199]);
        Assert.All(Enumerable.Range(1000, 1500), i => Assert.True(moments[i] - moments[i - 1000] >= TimeSpan.FromMinutes(5), $"The {i}th comes too early."));
        Assert.All(Enumerable.Range(200, 2300), i => Assert.True(i - 200 < ((moments[i] - start).TotalSeconds * 10) + 1, $"The {i}th comes too early."));
    }

    [Theory]
    [InlineData("a", 1)]
    [InlineData("", 1)]
    [InlineData("\\", 1)]
    [InlineData("ü\n", 1)]
    public void A_text_is_written_and_known_again(string unit, int expected)
    {
        Assert.Equal(expected, TextValue.Encode(unit).Count);
        foreach (int times in new[] { 1, 85, 86, 127, 128, 255, 256, 700 })
        {
            string value = string.Concat(Enumerable.Repeat(unit, times));
            IReadOnlyList<string> strings = TextValue.Encode(value);
            Assert.All(strings, s => Assert.InRange(s.Length, 0, 255));
            Assert.All(strings, s => Assert.Matches(@"^([^\\]|\\\\|\\[0-9]{3})*$", s));
            Assert.True(TextValue.Says(strings, value));
            Assert.False(TextValue.Says(strings, value + "x"));
        }
    }

    [Fact]
    public void No_answer_however_malformed_throws_anything_but_our_errors()
    {
        DnsContext context = NewContext();
        AzureSettings settings = new(context);
        ServiceClient service = new(context, _channels.Get("Azure DNS", context), Clock);
        RecordChange[] changes = [Add(Name, "proof"), Remove(Name, "old")];
        Mangle.Check(
            body =>
            {
                Answer answer = new(_azure.Url, 400, new Dictionary<string, IReadOnlyList<string>>(), body);
                _ = AzureErrors.IsBusy(answer);
                Assert.NotEmpty(AzureErrors.OfRecords(settings, AzureZoneId.Parse($"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/dnsZones/{Zone}"), "read", answer).Message);
                Assert.NotEmpty(AzureErrors.Listing(settings, "s", answer).Message);
                Assert.NotEmpty(TokenError.Explain(settings, answer, ["secret"], Clock.UtcNow).Message);
                _ = AccessToken.TryDecode(Encoding.UTF8.GetString(body));
                _ = service.Read(answer, json => AccessToken.Read(json, Clock.UtcNow));
            },
            5000,
            Utf8("""{"error":{"code":"Conflict","message":"words"}}"""),
            Utf8("""{"code":"NotFound","message":"words"}"""),
            Utf8("""{"error":"invalid_client","error_description":"words","error_codes":[7000215,99999999999999999999]}"""),
            Utf8("""{"access_token":"eyJ0","expires_in":"3599","expires_on":"1767311999","token_type":"Bearer"}"""),
            Utf8("eyJ0.eyJleHAiOjE3NjczMTE5OTksImF1ZCI6ImEifQ.c2ln"));
        Mangle.Check(
            body =>
            {
                RecordSet set = service.Read(new Answer(_azure.Url, 200, new Dictionary<string, IReadOnlyList<string>>(), body), json => RecordSet.Read(json, null));
                _ = set.WithTexts(changes).ToRequest().ToString();
                _ = set.WithAlias([], _ => new InvalidOperationException()).Exceeds(1);
            },
            5000,
            Utf8("""{"etag":"e","properties":{"TTL":60,"metadata":{"a":"b"},"TXTRecords":[{"value":["old","x\\\\\\1"]},{"value":["\\065"]}]}}"""),
            Utf8("""{"etag":"e","properties":{"TTL":60,"CNAMERecord":{"cname":"a.b."}}}"""));
    }

    [Fact]
    public async Task No_list_however_malformed_throws_anything_but_our_errors()
    {
        AddZone(Zone);
        DnsContext context = NewContext();
        await FindAsync(context, Name);
        byte[] list = Utf8(StrictJson.Write(new Dictionary<string, object?> { ["value"] = new List<object?> { _azure.AddZone("sub.contoso.test", FakeAzure.Subscription, FakeAzure.ResourceGroup).ToJson() }, ["nextLink"] = "" }));
        Mangle.Check(
            body =>
            {
                Clock.Advance(TimeSpan.FromMinutes(2));
                _azure.Next(1, _ => new HttpAnswer(200).WithBody(Encoding.UTF8.GetString(body)));
                _ = _provider.FindZonesAsync(context, ["a.sub.contoso.test"], Token).GetAwaiter().GetResult();
            },
            200,
            list);
    }

    protected override int MostRequests(int names) => 2 * names;

    private protected override DnsContext NewContext() => Context(_azure.Settings, _azure.Secrets);

    private protected override DnsContext NewWrongContext() => Context(_azure.Settings, new Dictionary<string, string> { ["ClientSecret"] = WrongSecret });

    protected override void AddZone(string zone) => _azure.AddZone(zone);

    protected override void Seed(string name, string type, params string[] values) => _azure.Seed(name, type, values);

    protected override IReadOnlyList<string> Values(string name, string type) => _azure.Zones.Values(name, type);

    protected override void Throttle(int times) => _azure.Throttle(times);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private int Lists => _azure.Calls.Count(c => c.Target.Contains("/dnsZones?", StringComparison.Ordinal));

    private DnsContext NewContext(params (string Name, string Value)[] more)
    {
        Dictionary<string, string> settings = _azure.Settings.ToDictionary(s => s.Key, s => s.Value);
        foreach ((string name, string value) in more)
        {
            settings[name] = value;
        }

        return Context(settings, _azure.Secrets);
    }

    private async Task<HostedZone> FindAsync(DnsContext context, string name) => (await _provider.FindZonesAsync(context, [name], Token))[name];
}
