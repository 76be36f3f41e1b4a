using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Providers.Networking;
using Xunit;

namespace KeyManager.Tests.Dns;

public sealed class DnsClientTests
{
    private static readonly DnsName Name = DnsName.Parse("_acme-challenge.contoso.test");

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Text_of_a_name_is_found()
    {
        using ScriptedDnsServer server = new(query => query.Reply(DnsRecord.Text(query.Name, 60, "one"), DnsRecord.Text(query.Name, 60, "two")));

        Assert.Equal(["one", "two"], await AskAsync(server));
        Assert.True(Assert.Single(server.Queries).Message.HasEdns);
    }

    [Fact]
    public async Task An_answer_in_other_letter_case_is_taken()
    {
        using ScriptedDnsServer server = new(query => query.Reply(DnsRecord.Text(DnsName.Parse("_ACME-challenge.CONTOSO.test"), 60, "one")) with
        {
            Questions = [new DnsQuestion(DnsName.Parse("_Acme-Challenge.Contoso.Test"), DnsType.Txt)],
        });

        Assert.Equal(["one"], await AskAsync(server));
    }

    [Fact]
    public async Task Records_of_another_name_or_type_are_not_taken()
    {
        using ScriptedDnsServer server = new(query => query.Reply(
            DnsRecord.Text(DnsName.Parse("other.test"), 60, "one"),
            DnsRecord.Text(query.Name, 60, "two") with { Type = DnsType.Caa },
            DnsRecord.Text(query.Name, 60, "three") with { Class = (DnsClass)3 }));

        Assert.Empty(await AskAsync(server));
    }

    [Theory]
    [InlineData((int)DnsResponseCode.NXDomain)]
    [InlineData((int)DnsResponseCode.NoError)]
    public async Task A_missing_name_or_record_is_empty(int code)
    {
        using ScriptedDnsServer server = new(query => query.Fail((DnsResponseCode)code));

        Assert.Empty(await AskAsync(server));
    }

    [Theory]
    [InlineData((int)DnsResponseCode.ServFail, "SERVFAIL")]
    [InlineData((int)DnsResponseCode.Refused, "REFUSED")]
    [InlineData((int)DnsResponseCode.NotImp, "NOTIMP")]
    public async Task A_refusal_is_an_error_with_its_code(int code, string word)
    {
        using ScriptedDnsServer server = new(query => query.Fail((DnsResponseCode)code));

        DnsException error = await Assert.ThrowsAsync<DnsException>(() => AskAsync(server));

        Assert.Equal((DnsResponseCode)code, error.ResponseCode);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.Contains(server.EndPoint.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("TXT _acme-challenge.contoso.test", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_datagram_is_sent_again_with_another_id_from_another_port()
    {
        int count = 0;
        using ScriptedDnsServer server = new(query => ++count < 3 ? Silence() : [query.Reply(DnsRecord.Text(query.Name, 60, "one")).ToBytes()]);

        Assert.Equal(["one"], await AskAsync(server));
        Assert.Equal(3, server.Queries.Count);
        Assert.All(server.Queries, query => Assert.False(query.OverTcp));
        Assert.Equal(3, server.Queries.Select(query => (query.SourcePort, query.Message.Id)).Distinct().Count());
    }

    [Fact]
    public async Task A_server_that_is_silent_over_udp_is_asked_over_tcp()
    {
        using ScriptedDnsServer server = new(query => query.OverTcp ? [query.Reply(DnsRecord.Text(query.Name, 60, "one")).ToBytes()] : Silence());

        Assert.Equal(["one"], await AskAsync(server));
        Assert.Equal([false, false, false, true], server.Queries.Select(query => query.OverTcp));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_ten_seconds()
    {
        using ScriptedDnsServer server = new(query => Silence(query.OverTcp ? 4 : 2));
        DateTimeOffset start = _clock.UtcNow;

        DnsException error = await Assert.ThrowsAsync<DnsException>(() => AskAsync(server));

        Assert.Null(error.ResponseCode);
        Assert.Contains("no answer over UDP nor TCP", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, server.Queries.Count);
        Assert.Equal(TimeSpan.FromSeconds(10), _clock.UtcNow - start);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_an_error()
    {
        IPEndPoint closed;
        using (ScriptedDnsServer server = new(_ => Silence()))
        {
            closed = server.EndPoint;
        }

        // On Windows a closed port is silent for a moment: the real clock ends that.
        await Assert.ThrowsAsync<DnsException>(() => new DnsClient(Clock.System).ResolveAsync([closed], Name, DnsType.Txt, CancellationToken.None));
    }

    [Fact]
    public async Task Datagrams_that_do_not_match_are_passed_over()
    {
        using ScriptedDnsServer server = new(query =>
        {
            DnsMessage good = query.Reply(DnsRecord.Text(query.Name, 60, "good"));
            DnsMessage bad = query.Reply(DnsRecord.Text(query.Name, 60, "bad"));
            return query.OverTcp ? throw new InvalidOperationException("not needed") : new[]
            {
                (bad with { Id = (ushort)(bad.Id + 1) }).ToBytes(),
                (bad with { Id = (ushort)(bad.Id + 1), IsTruncated = true }).ToBytes(),
                (bad with { IsResponse = false }).ToBytes(),
                (bad with { Opcode = DnsOpcode.Notify }).ToBytes(),
                (bad with { Questions = [new DnsQuestion(DnsName.Parse("other.test"), DnsType.Txt)] }).ToBytes(),
                (bad with { Questions = [new DnsQuestion(query.Name, DnsType.A)] }).ToBytes(),
                (bad with { Questions = [] }).ToBytes(),
                [],
                [1, 2, 3],
                bad.ToBytes().Take(40).ToArray(),
                good.ToBytes(),
            };
        });

        Assert.Equal(["good"], await AskAsync(server));
        Assert.Single(server.Queries);
    }

    [Fact]
    public async Task A_truncated_answer_is_thrown_away_and_asked_for_over_tcp()
    {
        string[] values = Enumerable.Range(0, 100).Select(i => $"{i:D43}").ToArray();
        using ScriptedDnsServer server = new(query => query.OverTcp
            ? query.Reply(values.Select(value => DnsRecord.Text(query.Name, 60, value)).ToArray())
            : query.Reply(DnsRecord.Text(query.Name, 60, "a part")) with { IsTruncated = true });

        Assert.Equal(values, await AskAsync(server));
        Assert.Equal([false, true], server.Queries.Select(query => query.OverTcp));
    }

    [Fact]
    public async Task A_truncated_answer_may_end_within_a_record()
    {
        using ScriptedDnsServer server = new(query => query.OverTcp
            ? [query.Reply(DnsRecord.Text(query.Name, 60, "whole")).ToBytes()]
            : [(query.Reply(DnsRecord.Text(query.Name, 60, "whole")) with { IsTruncated = true }).ToBytes().Take(60).ToArray()]);

        Assert.Equal(["whole"], await AskAsync(server));
        Assert.Equal([false, true], server.Queries.Select(query => query.OverTcp));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Over_tcp_an_answer_to_something_else_is_an_error(bool otherId)
    {
        using ScriptedDnsServer server = new(query => !query.OverTcp
            ? query.Reply() with { IsTruncated = true }
            : otherId ? query.Reply() with { Id = (ushort)(query.Message.Id ^ 1) } : query.Reply() with { IsTruncated = true });

        Assert.Contains("something else", (await Assert.ThrowsAsync<DnsException>(() => AskAsync(server))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_from_before_edns_is_asked_without_it()
    {
        using ScriptedDnsServer server = new(query => query.Message.HasEdns
            ? query.Fail(DnsResponseCode.FormErr) with { Questions = [], Additionals = [] }
            : query.Reply(DnsRecord.Text(query.Name, 60, "one")));

        Assert.Equal(["one"], await AskAsync(server));
        Assert.Equal([true, false], server.Queries.Select(query => query.Message.HasEdns));
    }

    [Fact]
    public async Task Aliases_within_one_answer_are_followed()
    {
        DnsName middle = DnsName.Parse("middle.test");
        DnsName end = DnsName.Parse("end.test");
        using ScriptedDnsServer server = new(query => query.Reply(DnsRecord.Text(end, 60, "one"), DnsRecord.Alias(query.Name, 60, middle), DnsRecord.Alias(middle, 60, end)));

        Assert.Equal(["one"], await AskAsync(server));
        Assert.Single(server.Queries);
    }

    [Fact]
    public async Task An_alias_out_of_the_zone_is_asked_for_again()
    {
        DnsName end = DnsName.Parse("end.elsewhere.test");
        using ScriptedDnsServer server = new(query => query.Name.Equals(end) ? query.Reply(DnsRecord.Text(end, 60, "one")) : query.Reply(DnsRecord.Alias(query.Name, 60, end)));

        Assert.Equal(["one"], await AskAsync(server));
        Assert.Equal(2, server.Queries.Count);
    }

    [Fact]
    public async Task An_alias_to_a_missing_name_is_empty()
    {
        using ScriptedDnsServer server = new(query => query.Reply(DnsRecord.Alias(query.Name, 60, DnsName.Parse("gone.test"))) with { ResponseCode = DnsResponseCode.NXDomain });

        Assert.Empty(await AskAsync(server));
        Assert.Single(server.Queries);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public async Task Eight_aliases_are_followed_and_not_more(int aliases, bool followed)
    {
        using ScriptedDnsServer server = new(query =>
        {
            int step = query.Name.Equals(Name) ? 0 : int.Parse(query.Name.ToString().Split('.')[0].Substring(1));
            return step == aliases ? query.Reply(DnsRecord.Text(query.Name, 60, "one")) : query.Reply(DnsRecord.Alias(query.Name, 60, DnsName.Parse($"s{step + 1}.test")));
        });

        if (followed)
        {
            Assert.Equal(["one"], await AskAsync(server));
        }
        else
        {
            Assert.Contains("more than 8 aliases", (await Assert.ThrowsAsync<DnsException>(() => AskAsync(server))).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Aliases_in_a_circle_are_an_error(bool inOneAnswer)
    {
        DnsName other = DnsName.Parse("other.test");
        using ScriptedDnsServer server = new(query => inOneAnswer
            ? query.Reply(DnsRecord.Alias(Name, 60, other), DnsRecord.Alias(other, 60, Name))
            : query.Reply(DnsRecord.Alias(query.Name, 60, query.Name.Equals(Name) ? other : Name)));

        Assert.Contains("circle", (await Assert.ThrowsAsync<DnsException>(() => AskAsync(server))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_resolver_is_asked_when_one_fails()
    {
        using ScriptedDnsServer broken = new(query => query.Fail(DnsResponseCode.ServFail));
        using ScriptedDnsServer good = new(query => query.Reply(DnsRecord.Text(query.Name, 60, "one")));

        IReadOnlyList<DnsRecord> records = await new DnsClient(_clock).ResolveAsync([broken.EndPoint, good.EndPoint], Name, DnsType.Txt, CancellationToken.None);

        Assert.Equal("one", Assert.Single(records).ReadText());
    }

    [Fact]
    public async Task Waiting_ends_at_once_when_cancelled()
    {
        using CancellationTokenSource stop = new();
        using ScriptedDnsServer server = new(_ =>
        {
            stop.Cancel();
            return Array.Empty<byte[]>();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new DnsClient(_clock).ResolveAsync([server.EndPoint], Name, DnsType.Txt, stop.Token));
        Assert.Single(server.Queries);
    }

    [Fact]
    public void The_resolvers_of_a_resolv_conf_are_read_in_order()
    {
        string[] lines = ["# nameserver 192.0.2.9", "search contoso.test", "nameserver 192.0.2.1", "nameserver\t2001:db8::1  # second", "nameserver not-an-address", "nameserver 192.0.2.1", "nameserver", ""];

        Assert.Equal(["192.0.2.1:53", "[2001:db8::1]:53"], SystemResolvers.Parse(lines).Select(server => server.ToString()));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1:53")]
    [InlineData(" 192.0.2.1:5353 ", "192.0.2.1:5353")]
    [InlineData("2001:db8::1", "[2001:db8::1]:53")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]:53")]
    [InlineData("[2001:db8::1]:5353", "[2001:db8::1]:5353")]
    public void An_address_with_or_without_port_is_read(string text, string expected) => Assert.Equal(expected, EndPointText.Parse(text, 53).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("ns1.contoso.test")]
    [InlineData("192.0.2.1:")]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2.1:65536")]
    [InlineData("192.0.2.1:-1")]
    [InlineData("[2001:db8::1")]
    [InlineData("[2001:db8::1]53")]
    public void What_is_not_an_address_is_refused_with_an_example(string text)
    {
        InvalidRequestException error = Assert.Throws<InvalidRequestException>(() => EndPointText.Parse(text, 53));

        Assert.Equal(ErrorIds.InvalidParameter, error.ErrorId);
        Assert.Contains("[2001:db8::1]:53", error.Remedy, StringComparison.Ordinal);
    }

    private async Task<List<string>> AskAsync(ScriptedDnsServer server)
    {
        IReadOnlyList<DnsRecord> records = await new DnsClient(_clock).ResolveAsync([server.EndPoint], Name, DnsType.Txt, CancellationToken.None);
        return records.Select(record => record.ReadText()).ToList();
    }

    // The client's wait is under way before its question arrives, so turning the clock here ends exactly that wait.
    private byte[][] Silence(int seconds = 4)
    {
        _clock.Turn(TimeSpan.FromSeconds(seconds));
        return [];
    }
}
