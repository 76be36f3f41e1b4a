using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Challenges;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Dns;

namespace KeyManager.Bench;

/// <summary>How late it is noticed that the last server of a zone has a record, at DNS servers in this process.</summary>
internal static class PropagationBench
{
    private const double Bar = 1000;
    private const int Servers = 4;

    public static async Task RunAsync(int runs)
    {
        Report.Begin("dns: from the last server having the records to noticing it");
        Random random = new(20261121);
        List<double> lags = [];
        List<double> questions = [];
        for (int run = -1; run < runs; run++)
        {
            (double lag, int asked) = await MeasureAsync(zones: 1, names: 2, TimeSpan.FromSeconds(0.1 + (4 * random.NextDouble()))).ConfigureAwait(false);
            if (run >= 0)
            {
                lags.Add(lag);
                questions.Add(asked);
            }
        }

        Report.Add(string.Create(CultureInfo.InvariantCulture, $"2 names in a zone of {Servers} servers, 0.1 to 4.1 s, {runs} times"), lags, "ms");
        Report.AddOne("the worst of them", lags.Max(), "ms", atMost: Bar);
        Report.Add("questions to servers of the zone", questions, "");
        (double many, int sum) = await MeasureAsync(zones: 20, names: 5, TimeSpan.FromSeconds(3)).ConfigureAwait(false);
        Report.AddOne("100 names in 20 zones, 3 s", many, "ms", atMost: Bar);
        Report.AddOne("questions to servers of the zones", sum, "");
    }

    private static async Task<(double Lag, int Asked)> MeasureAsync(int zones, int names, TimeSpan arrival)
    {
        Stopwatch watch = Stopwatch.StartNew();
        using ScriptedDnsServer resolver = new(query => Resolve(query));

        // The first has the records at half of the time, the last at the end of it.
        List<ScriptedDnsServer> servers =
            [.. Enumerable.Range(1, Servers).Select(i => new ScriptedDnsServer(query => Serve(query, watch.Elapsed >= arrival * ((Servers + i) / (2.0 * Servers))), isOfZone: true))];
        try
        {
            ZoneFinder finder = new(Clock.System, () => [resolver.EndPoint], address => servers[address.GetAddressBytes()[3] - 1].EndPoint);
            ProofWait wait = new(new ValidationProbe(Clock.System), new ZoneWitness(Clock.System, finder), store: null, Clock.System);
            ProofWaitOptions options = new() { Maximum = TimeSpan.FromMinutes(1) };
            List<AwaitedProof> proofs = [.. Enumerable.Range(0, zones).SelectMany(z => Enumerable.Range(0, names).Select(n => Proof(string.Create(CultureInfo.InvariantCulture, $"host{n}.zone{z}.test"), options)))];
            SolverContext context = new(
                new CertificateOrder { Id = "bench", Name = "bench", DomainNames = [], AccountId = "", Account = "", Authority = "", CreatedAt = default, UpdatedAt = default }, Silence.Instance, null);
            await wait.RunAsync(context, proofs, () => { }, CancellationToken.None).ConfigureAwait(false);
            return ((watch.Elapsed - arrival).TotalMilliseconds, servers.Sum(s => s.Queries.Count));
        }
        finally
        {
            servers.ForEach(s => s.Dispose());
        }
    }

    private static AwaitedProof Proof(string name, ProofWaitOptions options) => new(
        new Challenge { Id = name, OrderId = "bench", DomainName = DomainName.Parse(name), Type = ChallengeType.Dns01, Location = "_acme-challenge." + name, Value = name }, options);

    private static DnsName ZoneOf(DnsName name) => name.Labels.Count <= 2 ? name : ZoneOf(name.Parent);

    private static DnsRecord Soa(DnsName zone) => new(zone, DnsType.Soa, DnsClass.Internet, 60, new byte[22]);

    private static DnsRecord[] NS(DnsName zone) =>
        [.. Enumerable.Range(1, Servers).Select(i => DnsRecord.Alias(zone, 60, DnsName.Parse(string.Create(CultureInfo.InvariantCulture, $"ns{i}.{zone}"))) with { Type = DnsType.NS })];

    private static DnsMessage Resolve(ScriptedDnsServer.Query query) => query.Message.Questions[0].Type switch
    {
        DnsType.Soa => query.Reply() with { Authorities = [Soa(ZoneOf(query.Name))] },
        DnsType.NS => query.Reply(NS(query.Name)),
        DnsType.A => query.Reply(new DnsRecord(query.Name, DnsType.A, DnsClass.Internet, 60, [127, 0, 0, (byte)(query.Name.Labels[0][2] - '0')])),
        _ => query.Reply(),
    };

    private static DnsMessage Serve(ScriptedDnsServer.Query query, bool hasRecords) => (query.Message.Questions[0].Type switch
    {
        DnsType.NS => query.Reply(NS(query.Name)),
        DnsType.Txt when hasRecords => query.Reply(DnsRecord.Text(query.Name, 60, query.Name.Parent.ToString())),
        _ => query.Reply() with { Authorities = [Soa(ZoneOf(query.Name))] },
    }) with { IsAuthoritative = true, RecursionDesired = false, RecursionAvailable = false };
}
