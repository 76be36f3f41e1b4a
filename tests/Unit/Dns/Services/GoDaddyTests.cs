using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>GoDaddy with a pair of key and secret.</summary>
public sealed class GoDaddyTests() : GoDaddyContract(usesToken: false)
{
    // One look, one PUT or DELETE for each name, one look back.
    protected override int MostRequests(int names) => names + 2;

    private protected override DnsContext NewWrongContext() => Context(Service.Settings, new Dictionary<string, string> { ["Secret"] = WrongSecret });

    [Fact]
    public async Task Fifty_values_are_added_by_one_request_and_looked_at_by_one()
    {
        AddZone(Zone);
        string[] names = [.. Enumerable.Range(0, 50).Select(i => $"_acme-challenge.host{i}.{Zone}")];
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(NewContext(), names, Token);
        Assert.Equal(50, zones.Count);
        Assert.Equal(1, Requests);
        await Provider.ApplyAsync(NewContext(), zones[names[0]], [.. names.Select(n => Add(n, "proof"))], Token);
        Assert.Equal(["GET", "PATCH", "GET"], Service.Calls.Select(c => c.Method));
    }

    [Fact]
    public async Task A_set_in_which_some_values_are_there_gets_the_others()
    {
        AddZone(Zone);
        Seed("_acme-challenge.b.contoso.test", "TXT", "proof");
        string[] names = ["_acme-challenge.a.contoso.test", "_acme-challenge.b.contoso.test", "_acme-challenge.c.contoso.test"];
        await ApplyAsync(names[0], [.. names.Select(n => Add(n, "proof"))]);
        Assert.All(names, n => Assert.Equal(["proof"], Values(n, "TXT")));
    }

    [Fact]
    public async Task An_answer_that_got_lost_leaves_the_value_once()
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        Service.Next(1, _ =>
        {
            Service.Zones.Add(Zone, Name, "TXT", "proof");
            return HttpAnswer.Drop();
        });
        await Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token);
        Assert.Equal(["proof"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task Other_values_keep_their_own_time_to_live_and_ours_has_the_one_of_the_account()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "other");
        Service.SetTtl(Name, "TXT", "other", 7200);
        DnsContext context = Account(("Ttl", "900"));
        HostedZone zone = (await Provider.FindZonesAsync(context, [Name], Token))[Name];
        await Provider.ApplyAsync(context, zone, [Add(Name, "one"), Add(Name, "two")], Token);
        Assert.Equal(900, Service.TtlOf(Name, "TXT", "one"));
        await Provider.ApplyAsync(context, zone, [Remove(Name, "one")], Token);
        Assert.Equal(7200, Service.TtlOf(Name, "TXT", "other"));
        Assert.Equal(900, Service.TtlOf(Name, "TXT", "two"));
    }

    [Fact]
    public async Task Empty_texts_that_others_left_are_not_written_back()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "", " ", "other");
        await ApplyAsync(Name, Add(Name, "proof"));
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Equal(["other"], Values(Name, "TXT"));
    }

    [Fact]
    public async Task What_Domain_Protection_left_of_a_value_goes_with_it()
    {
        AddZone(Zone);
        Service.IsProtected = true;
        await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal([""], Values(Name, "TXT"));
        Service.IsProtected = false;
        await ApplyAsync(Name, Remove(Name, "proof"));
        Assert.Empty(Values(Name, "TXT"));
    }

    [Fact]
    public async Task Records_that_are_not_shown_after_a_change_are_left_to_the_name_servers()
    {
        AddZone(Zone);
        Service.ForgetsAfterChange = true;
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
        Assert.Contains(Reporter.Steps, step => step.Contains("does not show", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_small_account_works_over_the_names_that_are_open_to_it(bool saysUnknown)
    {
        AddZone(Zone);
        AddZone("sub.contoso.test");
        (Service.IsSmall, Service.SaysUnknown) = (true, saysUnknown);
        string[] names = [Name, "_acme-challenge.www.sub.contoso.test", "_acme-challenge.contoso.test"];
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(NewContext(), names, Token);
        Assert.Equal([Zone, "sub.contoso.test", Zone], names.Select(n => zones[n].Name));
        await Provider.ApplyAsync(NewContext(), zones[Name], [Add(names[0], "proof"), Add(names[2], "proof")], Token);
        Assert.Equal(["proof"], Values(names[0], "TXT"));
        await Provider.ApplyAsync(NewContext(), zones[Name], [Remove(names[0], "proof"), Remove(names[2], "proof")], Token);
        Assert.Empty(Values(names[2], "TXT"));
    }

    [Fact]
    public async Task An_account_that_is_shown_no_records_writes_and_is_told_what_it_cannot_take_away()
    {
        AddZone(Zone);
        Service.HidesRecords = true;
        await ApplyAsync(Name, Add(Name, "proof"));
        Assert.Equal(["proof"], Values(Name, "TXT"));
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, Remove(Name, "proof")));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        Assert.Contains("by hand", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_domain_that_is_registered_here_and_served_elsewhere_is_no_zone()
    {
        Service.OnlyRegistered.Add(Zone);
        Assert.Empty(await Provider.FindZonesAsync(NewContext(), [Name], Token));
    }

    [Fact]
    public async Task A_zone_with_more_texts_than_one_list_holds_is_looked_at_name_by_name()
    {
        AddZone(Zone);
        Seed("many.contoso.test", "TXT", [.. Enumerable.Range(0, 520).Select(i => "text" + i)]);
        string[] names = ["_acme-challenge.a.contoso.test", "_acme-challenge.b.contoso.test"];
        await ApplyAsync(names[0], [.. names.Select(n => Add(n, "proof"))]);
        await ApplyAsync(names[0], [.. names.Select(n => Remove(n, "proof"))]);
        Assert.All(names, n => Assert.Empty(Values(n, "TXT")));
        Assert.Equal(520, Values("many.contoso.test", "TXT").Count);
    }

    [Fact]
    public async Task A_corporate_account_and_a_customer_of_a_reseller_are_asked_for_in_their_way()
    {
        AddZone(Zone);
        Service.Customer = "1f4c8b22-6c1d-4c59-a5ef-0e4f2f6a1f77";
        Service.Shopper = "123456789";
        DnsContext context = Account(("CustomerId", Service.Customer), ("ShopperId", Service.Shopper));
        HostedZone zone = (await Provider.FindZonesAsync(context, [Name], Token))[Name];
        await Provider.ApplyAsync(context, zone, [Add(Name, "proof")], Token);
        await Provider.ApplyAsync(context, zone, [Remove(Name, "proof")], Token);
        Assert.All(Service.Calls, c => Assert.StartsWith($"/v2/customers/{Service.Customer}/domains/contoso.test/records", c.Target));
    }

    [Theory]
    [InlineData("Production", "api.godaddy.com:443")]
    [InlineData("Ote", "api.ote-godaddy.com:443")]
    public async Task Each_environment_has_its_own_address(string environment, string address)
    {
        List<string> asked = [];
        using LoopbackHttpServer proxy = new(call =>
        {
            lock (asked)
            {
                asked.Add($"{call.Method} {call.Target}");
            }

            return new HttpAnswer(403);
        });
        DnsContext context = Context(new Dictionary<string, string> { ["Key"] = FakeGoDaddy.Key, ["Environment"] = environment, ["Proxy"] = $"http://{proxy.Authority}" }, Service.Secrets);

        // .NET Framework takes the proxy's refusal for an answer of the service.
        await Assert.ThrowsAnyAsync<KeyManagerException>(() => Provider.FindZonesAsync(context, [Name], Token));
        Assert.All(asked, request => Assert.Equal("CONNECT " + address, request));
        Assert.NotEmpty(asked);
    }

    [Fact]
    public async Task A_pair_of_the_other_environment_is_told_to_be_one()
    {
        AddZone(Zone);
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => Provider.FindZonesAsync(NewWrongContext(), [Name], Token));
        Assert.Contains("UNABLE_TO_AUTHENTICATE", error.Message, StringComparison.Ordinal);
        Assert.Contains("-Environment Ote", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(409, """{"code":"CONFLICTING_STATUS","message":"The given domain is not eligible to have its records changed"}""", "CONFLICTING_STATUS")]
    [InlineData(422, """{"code":"INVALID_BODY","message":"see fields","fields":[{"path":"records[0].ttl","code":"UNKNOWN_RESTRICTION","message":"must have a minimum value of 600"}]}""", "must have a minimum value of 600")]
    [InlineData(400, "<html>Bad Request</html>", "status 400")]
    public async Task A_refused_change_is_told_in_its_words(int status, string body, string words)
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        Service.Next(1, _ => new HttpAnswer(status).With("Content-Type", "application/json").WithBody(body));
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token));
        Assert.Equal(ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_zone_that_went_away_is_named_and_looked_for_again()
    {
        AddZone(Zone);
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        Service.Next(1, _ => FakeGoDaddy.Json(404, new() { ["code"] = "UNKNOWN_DOMAIN" }));
        NotFoundException error = await Assert.ThrowsAsync<NotFoundException>(() => Provider.ApplyAsync(NewContext(), zone, [Add(Name, "proof")], Token));
        Assert.Equal(ErrorIds.DnsZoneNotFound, error.ErrorId);
        int before = Requests;
        Assert.Single(await Provider.FindZonesAsync(NewContext(), [Name], Token));
        Assert.Equal(before + 1, Requests);
    }

    [Fact]
    public async Task An_answer_of_something_else_is_not_taken_for_a_zone()
    {
        AddZone(Zone);
        Service.Next(1, _ => new HttpAnswer(200).With("Content-Type", "text/html").WithBody("<html>Welcome to the hotel</html>"));
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => Provider.FindZonesAsync(NewContext(), [Name], Token));
        Assert.Equal(ErrorIds.DnsAnswerUnreadable, error.ErrorId);
    }

    [Theory]
    [InlineData("Key", "dKYW:5UsT", "Secret")]
    [InlineData("Key", "dKYW 5UsT", "Secret")]
    [InlineData("CustomerId", "", "ApiToken")]
    [InlineData("BaseUrl", "http://api.godaddy.com/", "Secret")]
    [InlineData("Proxy", "proxy", "Secret")]
    public void An_account_that_can_never_work_is_refused(string setting, string value, string secret)
    {
        Dictionary<string, string> settings = new() { [setting] = value.Length == 0 ? "1f4c8b22" : value };
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => Provider.Check(Context(settings, new Dictionary<string, string> { [secret] = "secret" })));
        Assert.Equal(ErrorIds.InvalidSetting, error.ErrorId);
        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Secret")]
    [InlineData("ApiToken")]
    public void A_secret_with_a_blank_in_it_is_refused_and_not_shown(string secret)
    {
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(
            () => Provider.Check(Context(new Dictionary<string, string>(), new Dictionary<string, string> { [secret] = "Bearer " + WrongSecret })));
        Assert.DoesNotContain(WrongSecret, error.ToString(), StringComparison.Ordinal);
        Assert.Contains(secret, error.Message, StringComparison.Ordinal);
    }
}
