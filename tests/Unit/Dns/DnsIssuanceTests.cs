#if NET // Mono's TLS trusts no roots but those of the machine
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Acme;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns;

/// <summary>Certificates from Pebble, which looks for the records at real name servers that were updated by TSIG.</summary>
public sealed class DnsIssuanceTests
{
    [Theory]
    [InlineData("named")]
    [InlineData("knotd")]
    [InlineData("pdns_server")]
    public async Task A_name_server_with_dynamic_updates_proves_a_wildcard_and_a_zone_below(string program)
    {
        using UpdateLiveServer server = UpdateLiveServer.Start(program);
        using PebbleBench bench = await PebbleAsync(server.EndPoint);
        Add(bench, "records", server.EndPoint);
        DnsAccountTest test = Assert.Single(await bench.Services.DnsAccounts.TestAsync("records", [DomainName.Parse("example.test")], bench.Reporter, null, CancellationToken.None));
        Assert.True(test.IsWorking, test.Problem);
        CertificateOrder order = await bench.GetByDnsAsync(server.EndPoint.ToString(), null, "*.example.test", "example.test", "a.b.sub.example.test");
        Assert.Equal(OrderStatus.Saved, order.Status);
        Assert.Empty(await server.TextAsync("_acme-challenge.example.test"));
        Assert.Empty(await server.TextAsync("_acme-challenge.a.b.sub.example.test"));
        Assert.Equal(OrderStatus.Saved, (await bench.RenewAsync(bench.Find(order.CertificateId!))).Status);
    }

    [Fact]
    public async Task A_wrong_secret_is_told_and_nothing_is_left()
    {
        using UpdateLiveServer server = UpdateLiveServer.Start("named");
        using PebbleBench bench = await PebbleAsync(server.EndPoint);
        Add(bench, "records", server.EndPoint, secret: "d3JvbmcgYW5kIG5vYm9keSdz");
        CredentialException error = await Assert.ThrowsAsync<CredentialException>(() => bench.GetByDnsAsync(server.EndPoint.ToString(), "records", "www.example.test"));
        Assert.Equal(ErrorIds.DnsCredentialRejected, error.ErrorId);
        Assert.All(["BADSIG", "records (Rfc2136)", "example.test"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.All(bench.Services.Store.Read(s => s.Orders.Query(new KeyManager.Storage.OrderQuery(), null, 10)).Items, o => Assert.Equal(OrderStatus.PendingValidation, o.Status));
    }

    [Fact]
    public async Task An_alias_from_one_server_to_another_is_followed()
    {
        using UpdateLiveServer ours = UpdateLiveServer.Start("named");
        using UpdateLiveServer theirs = UpdateLiveServer.Start("named");
        using ScriptedDnsServer world = Resolver(name => name.EndsWith("elsewhere.test", StringComparison.Ordinal) ? theirs.EndPoint : ours.EndPoint);
        using PebbleBench bench = await PebbleAsync(world.EndPoint);
        Add(bench, "ours", ours.EndPoint, zone: "example.test");
        Add(bench, "theirs", theirs.EndPoint, zone: "elsewhere.test");

        // _acme-challenge.cn.example.test is an alias for target.elsewhere.test.
        CertificateOrder order = await bench.GetByDnsAsync(world.EndPoint.ToString(), "ours", "cn.example.test", "www.example.test");
        Assert.Equal(OrderStatus.Saved, order.Status);
        Assert.Contains(bench.Reporter.Steps, s => s.Contains("target.elsewhere.test in elsewhere.test (theirs)", StringComparison.Ordinal));
        Assert.Empty(await theirs.TextAsync("target.elsewhere.test"));
        Assert.Empty(await ours.TextAsync("_acme-challenge.www.example.test"));
    }

    private static async Task<PebbleBench> PebbleAsync(IPEndPoint dns)
    {
        PebbleBench bench = new(new PebbleOptions { SleepSeconds = 2, PercentOfAuthorizationsReused = 0, DnsServer = dns.ToString() });
        await bench.AddAccountAsync();
        return bench;
    }

    private static void Add(PebbleBench bench, string name, IPEndPoint server, string? zone = null, string secret = UpdateLiveServer.Secret)
    {
        Dictionary<string, string> settings = new() { ["Server"] = server.ToString(), ["KeyName"] = "hmac-sha256", ["Resolver"] = server.ToString() };
        if (zone is not null)
        {
            settings["Zone"] = zone;
        }

        bench.Services.DnsAccounts.Add(
            new DnsAccountRequest { Name = name, Provider = "Rfc2136", Settings = settings, Secrets = new Dictionary<string, byte[]> { ["KeySecret"] = Encoding.ASCII.GetBytes(secret) } }, bench.Reporter);
    }

    /// <summary>A resolver: asks the server of a name, and follows aliases.</summary>
    private static ScriptedDnsServer Resolver(Func<string, IPEndPoint> serverOf)
    {
        DnsClient client = new(Clock.System);
        return new ScriptedDnsServer(
            query =>
            {
                List<DnsRecord> answers = [];
                DnsName name = query.Name;
                while (true)
                {
                    DnsMessage answer = client.QueryAsync(serverOf(name.ToString()), name, query.Message.Questions[0].Type, recursionDesired: false, CancellationToken.None).GetAwaiter().GetResult();
                    answers.AddRange(answer.Answers);
                    DnsRecord? alias = answer.Answers.LastOrDefault(r => r.Type == DnsType.CName);
                    if (alias is null || query.Message.Questions[0].Type == DnsType.CName || answer.Answers.Any(r => r.Type == query.Message.Questions[0].Type))
                    {
                        return [(query.Reply([.. answers]) with { Authorities = answer.Authorities }).ToBytes()];
                    }

                    name = alias.ReadTarget();
                }
            },
            isOfZone: null);
    }
}
#endif
