using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using Xunit;

namespace KeyManager.Tests.Dns;

/// <summary>Aliases are followed hop by hop, at a resolver that is told what to answer.</summary>
public sealed class AliasLookupTests
{
    private const string Name = "_acme-challenge.www.contoso.test";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_that_is_none_leads_to_itself() => Assert.Equal([Name], await FollowAsync([]));

    [Fact]
    public async Task A_chain_is_followed_to_its_end() => Assert.Equal(
        [Name, "one.contoso.test", "two.fabrikam.test", "three.fabrikam.test"],
        await FollowAsync(new() { [Name] = "one.contoso.test", ["one.contoso.test"] = "two.fabrikam.test", ["two.fabrikam.test"] = "three.fabrikam.test" }));

    [Fact]
    public async Task A_circle_is_shown()
    {
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => FollowAsync(new() { [Name] = "one.contoso.test", ["one.contoso.test"] = "two.contoso.test", ["two.contoso.test"] = "one.contoso.test" }));
        Assert.Equal(ErrorIds.DnsAliasLoop, error.ErrorId);
        Assert.Contains($"{Name} -> one.contoso.test -> two.contoso.test -> one.contoso.test", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_that_no_resolver_follows_is_an_error()
    {
        Dictionary<string, string> targets = Enumerable.Range(0, 20).ToDictionary(i => i == 0 ? Name : $"hop{i}.test", i => $"hop{i + 1}.test");
        Assert.Contains("more than 8", (await Assert.ThrowsAsync<ChallengeException>(() => FollowAsync(targets))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_wildcard_makes_up_is_no_alias()
    {
        using ScriptedDnsServer server = new(query => Answer(query, query.Name.ToString().EndsWith(".www.contoso.test", StringComparison.Ordinal) ? "cdn.test" : null));
        Assert.Equal([Name], await new AliasLookup(Clock.System).FollowAsync(Name, server.EndPoint.ToString(), Token));
    }

    [Fact]
    public async Task Who_cannot_ask_takes_the_name_itself()
    {
        using ScriptedDnsServer server = new(query => query.Fail(DnsResponseCode.ServFail));
        Assert.Equal([Name], await new AliasLookup(Clock.System).FollowAsync(Name, server.EndPoint.ToString(), Token));
        Assert.Equal([Name], await new AliasLookup(Clock.System, () => []).FollowAsync(Name, null, Token));
    }

    private static async Task<IReadOnlyList<string>> FollowAsync(Dictionary<string, string> targets)
    {
        using ScriptedDnsServer server = new(query => Answer(query, targets.GetValueOrDefault(query.Name.ToString())));
        return await new AliasLookup(Clock.System, () => [server.EndPoint]).FollowAsync(Name, null, Token);
    }

    private static DnsMessage Answer(ScriptedDnsServer.Query query, string? target)
    {
        Assert.Equal(DnsType.CName, query.Message.Questions[0].Type);
        return target is null ? query.Fail(DnsResponseCode.NXDomain) : query.Reply(DnsRecord.Alias(query.Name, 60, DnsName.Parse(target)));
    }
}
