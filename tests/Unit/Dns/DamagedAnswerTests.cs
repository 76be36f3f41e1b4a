using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Dns;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class DamagedAnswerTests
{
    private const int Count = 100_000;

    private static readonly DnsName Name = DnsName.Parse("_acme-challenge.example.test");

    [Fact]
    public void A_hundred_thousand_damaged_answers_are_read_or_refused()
    {
        byte[][] samples = [.. Samples()];
        Random random = new(20261121);
        int read = 0;
        for (int i = 0; i < Count; i++)
        {
            byte[] data = Damage(random, samples);
            try
            {
                Use(DnsMessage.Read(data));
                read++;
            }
            catch (DnsException error)
            {
                Assert.NotEmpty(error.Message);
            }
            catch (Exception error)
            {
                Assert.Fail($"Message {i}, {Hex.Write(data)}: {error}");
            }
        }

        // Both ways are walked, or the damage proves nothing.
        Assert.InRange(read, Count / 20, Count * 19 / 20);
    }

    [Fact]
    public async Task Whoever_asks_gets_an_answer_whatever_the_server_sends()
    {
        byte[][] samples = [.. Samples()];
        Random random = new(7);
        byte[] next = [];
        using ScriptedDnsServer server = new(
            query =>
            {
                // The right identifier and question, so that it is not taken for noise, and over TCP, where noise ends the wait at once.
                byte[] bytes = [.. next];
                bytes[0] = (byte)(query.Message.Id >> 8);
                bytes[1] = (byte)query.Message.Id;
                return query.OverTcp ? [bytes] : [(query.Reply() with { IsTruncated = true }).ToBytes()];
            },
            isOfZone: true);
        NameServer asked = new(DnsName.Parse("ns1.example.test"), server.EndPoint.Address, server.EndPoint);
        DnsZone zone = new([Name], DnsName.Parse("example.test"), [asked], []);
        ZoneWitness witness = new(Clock.System, new ZoneFinder(Clock.System));
        HashSet<DnsAnswerKind> kinds = [];
        for (int i = 0; i < 300; i++)
        {
            do
            {
                next = Damage(random, samples);
            }
            while (next.Length < 12);

            kinds.Add((await witness.AskAsync(zone, asked, DnsRecordType.Txt, ["one"], CancellationToken.None)).Kind);
        }

        Assert.Contains(DnsAnswerKind.Silent, kinds);
        Assert.True(kinds.Count > 2, string.Join(", ", kinds));
    }

    /// <summary>What our code does with an answer.</summary>
    private static void Use(DnsMessage message)
    {
        foreach (DnsRecord record in message.Answers.Concat(message.Authorities).Concat(message.Additionals))
        {
            _ = record.Name.ToString();
            switch (record.Type)
            {
                case DnsType.Txt:
                    _ = ServerAnswer.Of(new NameServer(Name, IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, 53)), [record.ReadText()], ["one", "ca.example; accounturi=x"], "TXT", default);
                    break;
                case DnsType.CName or DnsType.NS or DnsType.DName:
                    _ = record.ReadTarget().Parent.Canonical.ToString();
                    break;
                case DnsType.Soa:
                    _ = record.ReadSerial();
                    break;
                case DnsType.Caa:
                    _ = new CaaSet([CaaRecord.Read(record)]).FindObstacle(true, ["ca.example"], "https://ca.example/1", "dns-01");
                    break;
            }
        }

        // What was read can be written again.
        try
        {
            _ = message.ToBytes();
        }
        catch (DnsException)
        {
        }
    }

    private static IEnumerable<byte[]> Samples()
    {
        // Answers of named: a TXT record with glue, NXDOMAIN with SOA, an alias, a referral; then what our own writer makes.
        yield return Hex.Read("beef840000010001000100020f5f61636d652d6368616c6c656e6765076578616d706c6504746573740000100001c00c001000010000003c002c2b6c434d37635a7951586356484b326e6e57336a6a41684e543346766d3138554e2d6b575a5a6b6e4b6f594dc01c000200010000012c0006036e7331c01cc072000100010000012c00047f00000100002904d0000000000000");
        yield return Hex.Read("abcd840300010000000100000f5f61636d652d6368616c6c656e6765046e6f7065076578616d706c6504746573740000060001076578616d706c6504746573740000060001000000000027036e7331c0330a686f73746d6173746572c0330000000200000e1000000258000151800000003c");
        yield return Hex.Read("abcf840000010001000000000f5f61636d652d6368616c6c656e676502636e076578616d706c6504746573740000100001c00c000500010000012c00170674617267657409656c73657768657265047465737400");
        yield return Hex.Read("abd0800000010000000100000f5f61636d652d6368616c6c656e67650564656c6567076578616d706c6504746573740000100001c01c000200010000012c0012036e7331076578616d706c65047465737400");
        DnsMessage answer = DnsMessage.Query(Name, DnsType.Txt, recursionDesired: false) with { Id = 1, IsResponse = true, IsAuthoritative = true };
        yield return (answer with { Answers = [DnsRecord.Text(Name, 60, "one"), DnsRecord.Text(Name, 60, new string('x', 300))] }).ToBytes();
        yield return (answer with { Answers = [DnsRecord.Alias(Name, 60, DnsName.Parse("a.b.c.example.test"))] }).ToBytes();
        yield return (answer with { Answers = [CaaSetTests.Record("example.test", "issue=ca.example; accounturi=https://ca.example/1; validationmethods=dns-01")] }).ToBytes();
    }

    private static byte[] Damage(Random random, byte[][] samples)
    {
        List<byte> data = [.. samples[random.Next(samples.Length)]];
        for (int times = random.Next(1, 5); times > 0 && data.Count > 0; times--)
        {
            int at = random.Next(data.Count);
            switch (random.Next(7))
            {
                case 0:
                    data[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    data[at] = (byte)random.Next(256);
                    break;
                case 2:
                    data.RemoveRange(at, Math.Min(random.Next(1, 8), data.Count - at));
                    break;
                case 3:
                    data.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    data.RemoveRange(at, data.Count - at);
                    break;
                case 5:
                    // A compression pointer where there was none.
                    data[at] = (byte)(0xC0 | random.Next(4));
                    break;
                default:
                    data[at] = (byte)(random.Next(2) == 0 ? 0xFF : 0);
                    break;
            }
        }

        return [.. data];
    }
}
