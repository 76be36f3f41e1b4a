using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Providers.Dns.Wire;
using Xunit;

namespace KeyManager.Tests.Dns;

/// <summary>Updates at real name servers.</summary>
public sealed class UpdateLiveTests
{
    private const string Name = "_acme-challenge.example.test";

    public static TheoryData<string> Servers => ["named", "knotd"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Values_stand_side_by_side_and_go_one_by_one(string program)
    {
        using UpdateLiveServer server = UpdateLiveServer.Start(program);
        DynamicUpdate update = server.Update("proofs");

        await update.ApplyAsync([Add(Name, "one")], Token);
        await update.ApplyAsync([Add(Name, "two"), Add("_ACME-challenge.www.Example.test.", "three")], Token);
        Assert.Equal(["one", "two"], await server.TextAsync(Name));
        Assert.Equal(["three"], await server.TextAsync("_acme-challenge.www.example.test"));

        string serial = await server.SerialAsync();
        await update.ApplyAsync([Add(Name, "two")], Token);
        await update.ApplyAsync([Remove(Name, "four"), Remove("_acme-challenge.www.example.test", "four")], Token);
        Assert.Equal(serial, await server.SerialAsync());

        await update.ApplyAsync([Remove(Name, "one")], Token);
        Assert.Equal(["two"], await server.TextAsync(Name));
        await update.ApplyAsync([Remove(Name, "two"), Remove(Name, "two")], Token);
        await update.ApplyAsync([Remove(Name, "two")], Token);
        Assert.Empty(await server.TextAsync(Name));
        await update.ApplyAsync([], Token);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Every_algorithm_works(string program)
    {
        using UpdateLiveServer server = UpdateLiveServer.Start(program);
        foreach (TsigAlgorithm algorithm in TsigAlgorithm.All)
        {
            await server.Update(algorithm.Name).ApplyAsync([Add("all.example.test", algorithm.Name)], Token);
        }

        Assert.Equal(TsigAlgorithm.All.Select(a => a.Name).OrderBy(n => n, StringComparer.Ordinal), await server.TextAsync("all.example.test"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task What_a_key_may_not_change_is_refused(string program)
    {
        using UpdateLiveServer server = UpdateLiveServer.Start(program);

        // Knot tells nobody that it knows the key.
        KeyManagerException error = await RefusedAsync(server.Update("proofs").ApplyAsync([Add("_acme-challenge.other.example.test", "x")], Token));
        Assert.Contains(program == "named" ? "REFUSED" : "BADKEY", error.Message, StringComparison.Ordinal);
        Assert.Contains("the key proofs (hmac-sha256)", error.Message, StringComparison.Ordinal);
        Assert.Contains("zone example.test", error.Message, StringComparison.Ordinal);
        Assert.Contains(server.EndPoint.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Empty(await server.TextAsync("_acme-challenge.other.example.test"));

        KeyManagerException unsigned = await RefusedAsync(server.Update(null).ApplyAsync([Add(Name, "x")], Token));
        Assert.Contains(program == "named" ? "REFUSED" : "NOTAUTH", unsigned.Message, StringComparison.Ordinal);
        Assert.Contains("with no key", unsigned.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_wrong_key_is_told_from_a_wrong_secret(string program)
    {
        using UpdateLiveServer server = UpdateLiveServer.Start(program);

        KeyManagerException secret = await RefusedAsync(server.Update(secret: "d3Jvbmc=").ApplyAsync([Add(Name, "x")], Token));
        KeyManagerException name = await RefusedAsync(server.Update("nokey", "hmac-sha256").ApplyAsync([Add(Name, "x")], Token));
        KeyManagerException algorithm = await RefusedAsync(server.Update("hmac-sha256", "hmac-sha512").ApplyAsync([Add(Name, "x")], Token));

        Assert.IsType<CredentialException>(secret);
        Assert.Contains("NOTAUTH, BADSIG", secret.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("d3Jvbmc", secret.ToString(), StringComparison.Ordinal);
        Assert.Contains("NOTAUTH, BADKEY", name.Message, StringComparison.Ordinal);
        Assert.Contains("BADKEY", algorithm.Message, StringComparison.Ordinal);
        Assert.Empty(await server.TextAsync(Name));
    }

    [Theory]
    [InlineData("named", 3600)]
    [InlineData("named", -3600)]
    [InlineData("knotd", 3600)]
    [InlineData("knotd", -3600)]
    public async Task A_wrong_clock_is_told_with_both_times(string program, int seconds)
    {
        using UpdateLiveServer server = UpdateLiveServer.Start(program);
        ShiftedClock clock = new(TimeSpan.FromSeconds(seconds));

        KeyManagerException error = await RefusedAsync(server.Update(clock: clock).ApplyAsync([Add(Name, "x")], Token));

        Assert.Contains("BADTIME", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"our clock said 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC, the server's 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC, (359\d|360\d) seconds apart", error.Message);
        Assert.Empty(await server.TextAsync(Name));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task The_deepest_zone_is_found_and_changed(string program)
    {
        using UpdateLiveServer server = UpdateLiveServer.Start(program);
        DynamicUpdate update = server.Update();

        Assert.Equal("example.test", await update.FindZoneAsync(Name, Token));
        Assert.Equal("example.test", await update.FindZoneAsync("example.test", Token));
        Assert.Equal("example.test", await update.FindZoneAsync("a.b.c.www.example.test", Token));
        Assert.Equal("example.test", await update.FindZoneAsync("_acme-challenge.cn.example.test", Token));
        Assert.Equal("sub.example.test", await update.FindZoneAsync("_acme-challenge.SUB.example.test.", Token));
        Assert.Equal("sub.example.test", await update.FindZoneAsync("sub.example.test", Token));

        // One call for two zones, and the apex of one of them.
        await update.ApplyAsync([Add("_acme-challenge.sub.example.test", "below"), Add("sub.example.test", "apex"), Add("example.test", "top")], Token);
        Assert.Equal(["below"], await server.TextAsync("_acme-challenge.sub.example.test"));
        Assert.Equal(["apex"], await server.TextAsync("sub.example.test"));
        Assert.Equal(["top"], await server.TextAsync("example.test"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task A_zone_of_others_is_not_found(string program)
    {
        using UpdateLiveServer server = UpdateLiveServer.Start(program);

        NotFoundException handedOn = await Assert.ThrowsAsync<NotFoundException>(() => server.Update().FindZoneAsync("_acme-challenge.far.example.test", Token));
        Assert.Contains("hands the zone far.example.test on", handedOn.Message, StringComparison.Ordinal);
        Assert.Contains("REFUSED", (await Assert.ThrowsAsync<NotFoundException>(() => server.Update().FindZoneAsync("a.elsewhere.org", Token))).Message, StringComparison.Ordinal);

        // With a zone that was given nobody asks first; the server says that it is done, and it is lost.
        KeyManagerException lost = await RefusedAsync(server.Update(zone: "example.test").ApplyAsync([Add("_acme-challenge.far.example.test", "x")], Token));
        Assert.Contains("far.example.test", lost.Message, StringComparison.Ordinal);
        KeyManagerException wrong = await RefusedAsync(server.Update(zone: "www.example.test").ApplyAsync([Add("www.example.test", "x")], Token));
        Assert.Contains("NOTAUTH", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Aliases_and_text_do_not_mix(string program)
    {
        using UpdateLiveServer server = UpdateLiveServer.Start(program);
        DynamicUpdate update = server.Update();

        Assert.Contains("YXRRSET", (await RefusedAsync(update.ApplyAsync([Add("_acme-challenge.cn.example.test", "x")], Token))).Message, StringComparison.Ordinal);

        DnsChange alias = new(true, "alias.example.test", DnsType.CName, "target.elsewhere.test", 60);
        await update.ApplyAsync([alias], Token);
        string serial = await server.SerialAsync();
        await update.ApplyAsync([alias with { Value = "Target.elsewhere.TEST." }], Token);
        Assert.Equal(serial, await server.SerialAsync());
        Assert.Contains("alias (CNAME) of something else", (await RefusedAsync(update.ApplyAsync([alias with { Value = "other.test" }], Token))).Message, StringComparison.Ordinal);
        await update.ApplyAsync([alias with { IsAddition = false }, alias with { Value = "other.test" }], Token);
        await update.ApplyAsync([alias with { IsAddition = false, Value = "other.test" }, alias with { IsAddition = false, Value = "other.test" }], Token);
        await update.ApplyAsync([Add("alias.example.test", "text")], Token);
        Assert.Contains("YXDOMAIN", (await RefusedAsync(update.ApplyAsync([alias], Token))).Message, StringComparison.Ordinal);
        Assert.Equal(["text"], await server.TextAsync("alias.example.test"));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public async Task Long_values_and_long_messages_arrive(string program)
    {
        using UpdateLiveServer server = UpdateLiveServer.Start(program);
        DynamicUpdate update = server.Update("hmac-sha512");
        string longName = string.Join(".", Enumerable.Repeat(new string('a', 60), 3)) + "." + new string('b', 56) + ".example.test";
        string longValue = new('v', 1000);

        await update.ApplyAsync([Add(longName, longValue), .. Enumerable.Range(0, 60).Select(i => Add(Name, $"value-{i:D38}"))], Token);
        Assert.Equal([longValue], await server.TextAsync(longName));
        Assert.Equal(60, (await server.TextAsync(Name)).Count);
        await update.ApplyAsync([Remove(longName, longValue), .. Enumerable.Range(0, 59).Select(i => Remove(Name, $"value-{i:D38}"))], Token);
        Assert.Empty(await server.TextAsync(longName));
        Assert.Equal([$"value-{59:D38}"], await server.TextAsync(Name));
    }

    private static DnsChange Add(string name, string value) => new(true, name, DnsType.Txt, value, 60);

    private static DnsChange Remove(string name, string value) => new(false, name, DnsType.Txt, value, 60);

    private static async Task<KeyManagerException> RefusedAsync(Task task)
    {
        KeyManagerException error = await Assert.ThrowsAnyAsync<KeyManagerException>(() => task);
        Assert.StartsWith("KmDns", error.ErrorId, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        return error;
    }

    private sealed class ShiftedClock(TimeSpan shift) : Clock
    {
        public override DateTimeOffset UtcNow => System.UtcNow + shift;

        public override Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) => System.DelayAsync(delay, cancellationToken);
    }
}
