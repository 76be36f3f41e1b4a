#if NET // Mono's TLS trusts no roots but those of the machine
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Acme;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Dns.Services;

/// <summary>Whole certificates through each service: the account changes the zone of a strict fake, a name server serves it, Pebble looks there and nowhere else.</summary>
public sealed class ServiceIssuanceTests
{
    [Theory]
    [InlineData("Azure")]
    [InlineData("Cloudflare")]
    [InlineData("Route53")]
    [InlineData("GoDaddy")]
    [InlineData("ClouDns")]
    [InlineData("DnsMadeEasy")]
    public async Task A_name_and_its_wildcard_are_proved(string provider)
    {
        (FakeDnsService service, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> secrets) = Start(provider);
        using FakeDnsService owned = service;
        service.AddZone("contoso.test");
        service.AddZone("shop.contoso.test");
        using ZoneNameServer world = new(service.Zones);
        using PebbleBench bench = await PebbleAsync(world);
        Add(bench, "records", provider, settings, secrets);
        CertificateOrder order = await bench.GetByDnsAsync(world.EndPoint.ToString(), null, "contoso.test", "*.contoso.test", "a.shop.contoso.test");
        Assert.Equal(OrderStatus.Saved, order.Status);
        Assert.Empty(service.Zones.Values("_acme-challenge.contoso.test", "TXT"));
        Assert.Empty(service.Zones.Values("_acme-challenge.a.shop.contoso.test", "TXT"));
        Assert.DoesNotContain(bench.Reporter.Steps.Concat(bench.Reporter.Warnings), s => secrets.Values.Any(v => s.Contains(v, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Acme_dns_proves_a_name_whose_alias_leads_there()
    {
        using FakeAcmeDns proofs = new(Clock.System);
        using FakeCloudflare zone = new();
        zone.AddZone("contoso.test");
        zone.Zones.Seed("_acme-challenge.www.contoso.test", "CNAME", proofs.Settings["FullDomain"]);
        using ZoneNameServer world = new(zone.Zones, proofs.Zones);
        using PebbleBench bench = await PebbleAsync(world);
        Add(bench, "zone", "Cloudflare", zone.Settings, zone.Secrets);
        Add(bench, "proofs", "AcmeDns", proofs.Settings, proofs.Secrets);
        CertificateOrder order = await bench.GetByDnsAsync(world.EndPoint.ToString(), null, "www.contoso.test");
        Assert.Equal(OrderStatus.Saved, order.Status);
        Assert.Empty(zone.Zones.Values("_acme-challenge.www.contoso.test", "TXT"));
    }

    private static (FakeDnsService Service, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Secrets) Start(string provider)
    {
        switch (provider)
        {
            case "Azure":
                FakeAzure azure = new(() => Clock.System.UtcNow);
                return (azure, azure.Settings, azure.Secrets);
            case "Cloudflare":
                FakeCloudflare cloudflare = new();
                return (cloudflare, cloudflare.Settings, cloudflare.Secrets);
            case "Route53":
                FakeRoute53 route53 = new(Clock.System) { PendingPolls = 0 };
                return (route53, route53.Settings, route53.Secrets);
            case "GoDaddy":
                FakeGoDaddy goDaddy = new(usesToken: true, Clock.System);
                return (goDaddy, goDaddy.Settings, goDaddy.Secrets);
            case "ClouDns":
                FakeClouDns clouDns = new(Clock.System);
                return (clouDns, clouDns.Settings, clouDns.Secrets);
            default:
                FakeDnsMadeEasy dnsMadeEasy = new(Clock.System);
                return (dnsMadeEasy, dnsMadeEasy.Settings, dnsMadeEasy.Secrets);
        }
    }

    private static async Task<PebbleBench> PebbleAsync(ZoneNameServer world)
    {
        PebbleBench bench = new(new PebbleOptions { SleepSeconds = 1, PercentOfAuthorizationsReused = 0, DnsServer = world.EndPoint.ToString() });
        await bench.AddAccountAsync();
        return bench;
    }

    private static void Add(PebbleBench bench, string name, string provider, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> secrets) => bench.Services.DnsAccounts.Add(
        new DnsAccountRequest { Name = name, Provider = provider, Settings = settings, Secrets = secrets.ToDictionary(s => s.Key, s => Encoding.UTF8.GetBytes(s.Value)) }, bench.Reporter);
}
#endif
