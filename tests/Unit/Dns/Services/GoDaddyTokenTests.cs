using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>GoDaddy with a personal access token.</summary>
public sealed class GoDaddyTokenTests() : GoDaddyContract(usesToken: true)
{
    // One look, one request for each value, one look back.
    protected override int MostRequests(int names) => names + 2;

    private protected override DnsContext NewWrongContext() => Context(Service.Settings, new Dictionary<string, string> { ["ApiToken"] = WrongSecret });

    [Fact]
    public async Task Lists_are_read_to_their_last_page()
    {
        AddZone(Zone);
        Seed("a.contoso.test", "TXT", [.. Enumerable.Range(0, 250).Select(i => $"text{i:000}")]);
        string[] names = ["_acme-challenge.a.contoso.test", "_acme-challenge.b.contoso.test"];
        await ApplyAsync(names[0], [.. names.Select(n => Add(n, "proof"))]);
        await ApplyAsync(names[0], [.. names.Select(n => Remove(n, "proof"))]);
        Assert.All(names, n => Assert.Empty(Values(n, "TXT")));
        Assert.Equal(250, Values("a.contoso.test", "TXT").Count);
    }

    [Fact]
    public async Task A_token_that_must_not_read_is_told_which_scope_it_lacks()
    {
        AddZone(Zone);
        Service.HasReadScope = false;
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => Provider.FindZonesAsync(NewContext(), [Name], Token));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.Contains("domains.domain:read", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_must_not_write_is_told_which_scope_it_lacks()
    {
        AddZone(Zone);
        Service.HasUpdateScope = false;
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Equal(ErrorIds.DnsRightMissing, error.ErrorId);
        Assert.Contains("domains.dns:update", error.Remedy, StringComparison.Ordinal);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
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
    public async Task A_record_that_somebody_else_took_away_meanwhile_is_no_error()
    {
        AddZone(Zone);
        Seed(Name, "TXT", "proof", "other");
        HostedZone zone = (await Provider.FindZonesAsync(NewContext(), [Name], Token))[Name];
        int looks = 0;
        Func<HttpCall, HttpAnswer> lookWithRecord = _ => FakeGoDaddy.Json(200, new()
        {
            ["items"] = new object[]
            {
                new Dictionary<string, object?> { ["recordId"] = "Agone" + looks++, ["name"] = "_acme-challenge.www", ["type"] = "TXT", ["data"] = "proof", ["ttl"] = 600L },
            },
            ["links"] = Array.Empty<object>(),
        });
        Service.Zones.Remove(Zone, Name, "TXT", "proof");
        Service.Next(1, lookWithRecord);
        await Provider.ApplyAsync(NewContext(), zone, [Remove(Name, "proof")], Token);
        Assert.Equal(["other"], Values(Name, "TXT"));
        Assert.Contains(Service.Calls, c => c.Method == "DELETE" && c.Target.EndsWith("/Agone0", StringComparison.Ordinal));
    }
}
