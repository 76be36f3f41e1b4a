using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Dns;
using KeyManager.Operations;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Services;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Dns;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.SslStore;

/// <summary>The records that The SSL Store asks for, written by DNS accounts.</summary>
public sealed class SslStoreDnsTests : SslStoreTests
{
    [Theory]
    [InlineData("positivessl", "CNAME")]
    [InlineData("digi_rapidssl", "TXT")]
    public async Task A_dns_account_writes_the_record_and_takes_it_away_again(string product, string type)
    {
        FakeDnsProvider provider = new();
        FakeAliases aliases = new();
        Use(provider, aliases, witness: null, Store.Bench.Clock);
        Store.Server.World = new ServedWorld(provider);
        await Store.AddAccountAsync();
        Add("cf", "Fake", ("Zones", "contoso.com"));
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com") with { Product = product });
        Challenge challenge = order.Challenges.Single();
        if (type == "CNAME")
        {
            aliases.Targets[challenge.Location!.ToLowerInvariant()] = "elsewhere.example"; // what stands where the alias has to be is not followed
        }

        string expected = type == "CNAME" ? challenge.Value!.ToLowerInvariant().TrimEnd('.') : challenge.Value!;
        string? seen = null;
        provider.After = () => seen ??= provider.Zones.Values(challenge.Location!.ToLowerInvariant(), type).SingleOrDefault();
        Assert.Equal(OrderStatus.Saved, (await CompleteAsync(order, "None")).Status);
        Assert.Equal(expected, seen);
        Assert.Empty(provider.Zones.All("contoso.com"));
    }

    [Fact]
    public async Task An_alias_at_a_real_name_server_is_waited_for_and_proves_the_name()
    {
        using UpdateLiveServer server = UpdateLiveServer.Start("named");
        Clock clock = Clock.System;
        ZoneFinder finder = new(clock, () => [server.EndPoint], _ => server.EndPoint);
        Use(new Rfc2136Provider(clock), new FakeAliases(), new ZoneWitness(clock, finder), clock);
        Store.Server.World = new NetworkWorld(0, server.EndPoint);
        await Store.AddAccountAsync();
        Add("bind", "Rfc2136", [("Server", server.EndPoint.ToString()), ("KeyName", "hmac-sha256")], [("KeySecret", UpdateLiveServer.Secret)]);
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.example.test"));

        Assert.Equal(OrderStatus.Saved, (await CompleteAsync(order, null)).Status);
        DnsMessage left = await new DnsClient(clock).QueryAsync(server.EndPoint, DnsName.Parse(order.Challenges.Single().Location!), DnsType.CName, recursionDesired: false, CancellationToken.None);
        Assert.Equal(DnsResponseCode.NXDomain, left.ResponseCode);
    }

    private void Use(IDnsProvider provider, FakeAliases aliases, IZoneWitness? witness, Clock clock)
    {
        DnsProviderRegistry providers = new([provider]);
        Store.Bench.DnsProviders = providers;
        Store.Bench.Solver.IsEnabled = false;
        Store.Bench.Solvers.Add(store => new DnsSolver(store, providers, new DnsPlacer(store, providers, aliases), new ProofWait(new ValidationProbe(clock), witness, store, clock)));
    }

    private void Add(string name, string provider, params (string Name, string Value)[] settings) => Add(name, provider, settings, []);

    private void Add(string name, string provider, (string Name, string Value)[] settings, (string Name, string Value)[] secrets) => Store.Services.DnsAccounts.Add(
        new DnsAccountRequest
        {
            Name = name,
            Provider = provider,
            Settings = settings.ToDictionary(s => s.Name, s => s.Value),
            Secrets = secrets.DefaultIfEmpty(("ApiToken", "token")).ToDictionary(s => s.Item1, s => Encoding.UTF8.GetBytes(s.Item2)),
        },
        Store.Bench.Reporter);

    private Task<CertificateOrder> CompleteAsync(CertificateOrder order, string? resolver) =>
        Store.Services.CompleteOrder.RunAsync(order.Id, new CompleteOrderOptions { Resolver = resolver, Timeout = TimeSpan.FromMinutes(5) }, Store.Bench.Reporter, CancellationToken.None);

    /// <summary>What the service in memory holds.</summary>
    private sealed class ServedWorld(FakeDnsProvider provider) : IProofWorld
    {
        public byte[]? Fetch(string url) => null;

        public string? Alias(string name) => provider.Zones.Values(name.ToLowerInvariant(), "CNAME").FirstOrDefault();

        public IReadOnlyList<string> Texts(string name) => provider.Zones.Values(name.ToLowerInvariant(), "TXT");
    }
}
