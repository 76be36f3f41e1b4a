using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>A name server that takes updates, behind the port of DNS services. The messages themselves are tried in <see cref="UpdateTests"/>, real servers in <see cref="UpdateLiveTests"/>.</summary>
public sealed class Rfc2136Tests : DnsProviderContract
{
    private static readonly byte[] s_secret = Encoding.ASCII.GetBytes("0123456789abcdef");
    private readonly UpdateServer _server;
    private readonly TemporaryFolder _folder = new();

    // Time limits of sockets must not end by themselves.
    private readonly ManualClock _clock = new();

    public Rfc2136Tests()
    {
        _server = new UpdateServer(_clock, s_secret) { TakesWrongKeys = true };
        _server.Zones.Clear();
    }

    private protected override IDnsProvider Provider => new Rfc2136Provider(_clock);

    protected override bool HasThrottling => false;

    protected override int Requests => _server.Updates.Count();

    public override void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null, null, null, null, "needs Server")]
    [InlineData("192.0.2.1", null, null, null, "needs credentials")]
    [InlineData("192.0.2.1", "key", null, null, "needs credentials")]
    [InlineData("192.0.2.1", "key", "c2VjcmV0", "True", "one kind of credentials")]
    [InlineData("192.0.2.300", "key", "c2VjcmV0", null, "neither the address nor the name")]
    [InlineData("192.0.2.1", "key", "not base64!", null, "is not base64")]
    public void An_account_that_can_never_work_is_refused(string? server, string? keyName, string? secret, string? withoutKey, string problem)
    {
        using TestBench bench = new();
        bench.DnsProviders = new DnsProviderRegistry([Provider]);
        Dictionary<string, string> settings = new() { ["Server"] = server ?? "", ["KeyName"] = keyName ?? "", ["WithoutKey"] = withoutKey ?? "False" };
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => bench.Services.DnsAccounts.Add(
            new KeyManager.Operations.DnsAccountRequest { Name = "bind", Provider = "Rfc2136", Settings = settings, Secrets = secret is null ? [] : new Dictionary<string, byte[]> { ["KeySecret"] = Encoding.ASCII.GetBytes(secret) } },
            Reporter));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        Assert.Empty(bench.Services.DnsAccounts.List());
    }

    [Fact]
    public async Task A_key_file_is_read_when_it_is_used()
    {
        AddZone(Zone);
        string path = _folder.File("key.conf");
        File.WriteAllText(path, $"key \"key\" {{ algorithm hmac-sha512; secret \"{Convert.ToBase64String(s_secret)}\"; }};");
        DnsContext context = Context(new Dictionary<string, string> { ["Server"] = _server.EndPoint.ToString(), ["KeyPath"] = path }, new Dictionary<string, string>());
        Provider.Check(context);
        await Provider.ApplyAsync(context, new HostedZone(Zone, Zone), [Add(Name, "proof")], Token);
        Assert.Equal(["proof"], Values(Name, "TXT"));
        Assert.Equal("hmac-sha512", _server.Updates.Single().Algorithm.TrimEnd('.'));
        File.Delete(path);
        Assert.Equal(ErrorIds.FileNotFound, Assert.Throws<InvalidRequestException>(() => Provider.Check(context)).ErrorId);
    }

    [Theory]
    [InlineData("hmac-sha256", false)]
    [InlineData("hmac-sha1", true)]
    [InlineData("hmac-md5", true)]
    public void A_weak_algorithm_is_warned_of(string algorithm, bool isWeak)
    {
        Provider.Check(Account(new Dictionary<string, string> { ["KeyAlgorithm"] = algorithm }));
        Assert.Equal(isWeak ? 1 : 0, Reporter.Warnings.Count);
    }

    [Fact]
    public async Task The_domain_itself_is_the_zone_where_that_is_said_and_the_server_is_not_asked()
    {
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(
            Account(new Dictionary<string, string> { ["ZoneIsDomain"] = "True" }), ["_acme-challenge.contoso.test", "_label._acme-challenge.fabrikam.test"], Token);
        Assert.Equal(["contoso.test", "fabrikam.test"], zones.Values.Select(z => z.Name));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task A_zone_that_is_given_is_the_only_one()
    {
        IReadOnlyDictionary<string, HostedZone> zones = await Provider.FindZonesAsync(
            Account(new Dictionary<string, string> { ["Zone"] = "Contoso.test." }), ["_acme-challenge.contoso.test", "_acme-challenge.fabrikam.test"], Token);
        Assert.Equal("contoso.test", Assert.Single(zones).Value.Name);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task The_account_stands_in_what_a_server_refuses()
    {
        AddZone(Zone);
        _server.Code = 5;
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => ApplyAsync(Name, Add(Name, "proof")));
        Assert.Contains("of the DNS account records (Rfc2136)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hundreds_of_names_go_in_several_messages()
    {
        AddZone(Zone);
        List<string> names = [.. Enumerable.Range(0, 250).Select(i => $"_acme-challenge.host{i}.contoso.test")];
        await ApplyAsync(names[0], [.. names.Select(n => Add(n, "proof"))]);
        Assert.Equal(3, _server.Updates.Count());
        Assert.All(names, n => Assert.Equal(["proof"], Values(n, "TXT")));
    }

    protected override int MostRequests(int names) => 1;

    private protected override DnsContext NewContext() => Account(new Dictionary<string, string>());

    private protected override DnsContext NewWrongContext() => Context(
        new Dictionary<string, string> { ["Server"] = _server.EndPoint.ToString(), ["KeyName"] = "key", ["Zone"] = Zone },
        new Dictionary<string, string> { ["KeySecret"] = WrongSecret });

    protected override void AddZone(string zone) => _server.Zones.Add(zone);

    protected override void Seed(string name, string type, params string[] values)
    {
        foreach (string value in values)
        {
            DnsName owner = DnsName.Parse(name);
            DnsRecord record = type == "TXT" ? DnsRecord.Text(owner, 60, value) : DnsRecord.Alias(owner, 60, DnsName.Parse(value));
            _server.Seed(name, (int)record.Type, record.Data);
        }
    }

    protected override IReadOnlyList<string> Values(string name, string type) =>
        [.. _server.Data(name, type == "TXT" ? 16 : 5).Select(data => type == "TXT" ? new DnsRecord(DnsName.Root, DnsType.Txt, DnsClass.Internet, 0, data).ReadText() : new DnsRecord(DnsName.Root, DnsType.CName, DnsClass.Internet, 0, data).ReadTarget().ToString())];

    protected override void Throttle(int times) => throw new NotSupportedException();

    private DnsContext Account(Dictionary<string, string> more)
    {
        Dictionary<string, string> settings = new(more) { ["Server"] = _server.EndPoint.ToString(), ["KeyName"] = "key" };
        return Context(settings, new Dictionary<string, string> { ["KeySecret"] = Convert.ToBase64String(s_secret) });
    }
}
