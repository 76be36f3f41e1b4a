using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Dns;
using KeyManager.Providers.Dns.Services.Rfc2136;
using KeyManager.Providers.Dns.Wire;
using Xunit;

namespace KeyManager.Tests.Dns;

/// <summary>Updates at a strict server that is told what to answer.</summary>
public sealed class UpdateTests
{
    private const string Name = "_acme-challenge.www.example.test";
    private static readonly byte[] s_secret = Encoding.ASCII.GetBytes("0123456789abcdef");
    private readonly ManualClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hmac-md5")]
    [InlineData("hmac-sha1")]
    [InlineData("hmac-sha224")]
    [InlineData("hmac-sha256")]
    [InlineData("hmac-sha384")]
    [InlineData("hmac-sha512")]
    public async Task A_change_is_one_message_that_a_strict_server_takes(string algorithm)
    {
        using UpdateServer server = new(_clock, s_secret);
        await Update(server, algorithm).ApplyAsync([Add("one"), Add("two"), Add("two") with { IsAddition = false }], Token);

        UpdateRequest request = Assert.Single(server.Updates);
        Assert.Equal("example.test", request.Name);
        Assert.Equal([1, 1, 254], request.Changes.Select(c => c.Class));
        Assert.Equal([60L, 60L, 0L], request.Changes.Select(c => c.Ttl));
        Assert.Equal([(Name, 5)], request.Prerequisites.Select(p => (p.Name, p.Type)));
        Assert.False(request.OverTcp);
        Assert.All(server.Requests, r => Assert.Equal("key", r.KeyName));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_signed()
    {
        using UpdateServer server = new(_clock, null);
        await Update(server, null).ApplyAsync([Add("one")], Token);

        Assert.All(server.Requests, r => Assert.Null(r.KeyName));
    }

    [Fact]
    public async Task A_zone_that_is_given_is_not_asked_for()
    {
        using UpdateServer server = new(_clock, s_secret);
        await Update(server, zone: "Example.test.").ApplyAsync([Add("one") with { IsAddition = false }], Token);

        Assert.True(Assert.Single(server.Requests).IsUpdate);
    }

    [Fact]
    public async Task A_long_message_goes_over_tcp()
    {
        using UpdateServer server = new(_clock, s_secret);
        await Update(server, zone: "example.test").ApplyAsync([Add(new string('x', 256))], Token);
        await Update(server, zone: "example.test").ApplyAsync([Add(new string('x', 600))], Token);

        Assert.Equal([false, true], server.Updates.Select(u => u.OverTcp));
        Assert.Equal([255, 255, 90], Strings(server.Updates.Last().Changes[0].Data));
    }

    [Fact]
    public async Task A_truncated_answer_is_asked_for_over_tcp()
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) => request is { OverTcp: false, IsUpdate: true } ? [.. right.Take(2), 0xAA, 0, 0, 0, 0, 0, 0, 0, 0, 0] : right;
        await Update(server).ApplyAsync([Add("one")], Token);

        Assert.Equal([false, true], server.Updates.Select(u => u.OverTcp));
        Assert.Equal(2, server.Updates.Select(u => u.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again()
    {
        using UpdateServer server = new(_clock, s_secret);
        TaskCompletionSource<bool> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int count = 0;
        server.Reply = (request, right) =>
        {
            if (request.IsUpdate && ++count == 1)
            {
                lost.SetResult(true);
                return null;
            }

            return right;
        };
        Task change = Update(server).ApplyAsync([Add("one")], Token);
        await lost.Task;
        _clock.Turn(SignedExchange.UdpTimeLimit);
        await change;

        // The same change, signed anew with the time it is now.
        Assert.Equal(2, server.Updates.Count());
        Assert.Equal(2, server.Updates.Select(u => u.Id).Distinct().Count());
        Assert.Equal(3, server.Updates.Last().TimeSigned - server.Updates.First().TimeSigned);
    }

    [Fact]
    public async Task Noise_is_passed_over()
    {
        using UpdateServer server = new(_clock, s_secret);
        TaskCompletionSource<bool> asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Reply = (request, right) =>
        {
            if (!request.IsUpdate || request.OverTcp)
            {
                return right;
            }

            asked.TrySetResult(true);
            right[0] ^= 0xFF;
            return right;
        };
        Task change = Update(server).ApplyAsync([Add("one")], Token);
        await asked.Task;
        while (!change.IsCompleted)
        {
            _clock.Turn(SignedExchange.UdpTimeLimit);
            await Task.WhenAny(change, Clock.System.DelayAsync(TimeSpan.FromMilliseconds(20), Token));
        }

        await change;
        Assert.True(server.Updates.Last().OverTcp);
    }

    [Theory]
    [InlineData(1, "FORMERR")]
    [InlineData(2, "SERVFAIL")]
    [InlineData(3, "NXDOMAIN")]
    [InlineData(4, "NOTIMP")]
    [InlineData(5, "REFUSED")]
    [InlineData(6, "YXDOMAIN")]
    [InlineData(7, "YXRRSET")]
    [InlineData(8, "NXRRSET")]
    [InlineData(9, "NOTAUTH")]
    [InlineData(10, "NOTZONE")]
    [InlineData(13, "13")]
    public async Task A_refusal_names_server_zone_name_and_key(int code, string word)
    {
        using UpdateServer server = new(_clock, s_secret) { Code = code };
        KeyManagerException error = await FailAsync(server);

        Assert.Equal(code is 6 or 7 ? ErrorIds.DnsNameOccupied : ErrorIds.DnsChangeRefused, error.ErrorId);
        Assert.All([word, server.EndPoint.ToString(), "the zone example.test", Name, "the key key (hmac-sha256)"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Equal(code == 2, error.IsTransient);
        Assert.Single(server.Updates);
    }

    [Theory]
    [InlineData(0, "anybody")]
    [InlineData(1, "FORMERR, not signed")]
    [InlineData(5, "REFUSED, not signed")]
    [InlineData(9, "NOTAUTH, not signed")]
    public async Task What_is_not_signed_is_told_and_not_believed(int code, string part)
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) => request.IsUpdate ? server.Answer(request, code, isSigned: false) : right;
        KeyManagerException error = await FailAsync(server);

        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Equal([false, true], server.Updates.Select(u => u.OverTcp));
    }

    [Theory]
    [InlineData(16, false, "BADSIG")]
    [InlineData(17, false, "BADKEY")]
    [InlineData(18, false, "BADTIME")]
    [InlineData(22, true, "BADTRUNC")]
    [InlineData(99, true, "TSIG error 99")]
    public async Task An_error_about_the_signature_is_told(int error, bool isSigned, string word)
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) => request.IsUpdate ? server.Answer(request, 9, isSigned, error) : right;
        KeyManagerException told = await FailAsync(server);

        Assert.Contains(word, told.Message, StringComparison.Ordinal);
        Assert.Equal(!isSigned, told.Message.Contains("only a hint"));
        Assert.Equal(error switch { 16 or 17 => ErrorIds.DnsCredentialRejected, 18 => ErrorIds.DnsClockWrong, _ => ErrorIds.DnsChangeRefused }, told.ErrorId);
    }

    [Fact]
    public async Task A_wrong_clock_is_told_with_both_times()
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) => request.IsUpdate ? server.Answer(request, 9, error: 18, other: UpdateRequest.Big(_clock.UtcNow.ToUnixTimeSeconds() + 3661, 6)) : right;
        KeyManagerException told = await FailAsync(server);

        Assert.Contains("our clock said 2026-03-01 12:00:00 UTC, the server's 2026-03-01 13:01:01 UTC, 3661 seconds apart", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_beyond_the_calendar_is_told_too()
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) => request.IsUpdate ? server.Answer(request, 9, error: 18, other: UpdateRequest.Big(0xFFFFFFFFFFFF, 6)) : right;

        Assert.Contains("281474976710655 seconds after 1970", (await FailAsync(server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_answer_is_not_believed()
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) =>
        {
            right[right.Length - 10] ^= (byte)(request.IsUpdate ? 1 : 0);
            return right;
        };

        Assert.Contains("a signature that is not the one of the key", (await FailAsync(server)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_forged_answer_over_udp_does_not_hide_the_true_one()
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) => request is { IsUpdate: true, OverTcp: false } ? server.Answer(request, 5, isSigned: false) : right;

        await Update(server).ApplyAsync([Add("one")], Token);
        Assert.True(server.Updates.Last().OverTcp);
    }

    [Fact]
    public async Task A_server_that_takes_no_signed_questions_is_asked_without()
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) => request.IsUpdate || request.KeyName is null ? right : server.Answer(request, 9, isSigned: false, error: 17);

        Assert.Equal("example.test", await Update(server).FindZoneAsync(Name, Token));
    }

    [Fact]
    public async Task A_change_that_is_not_served_is_told()
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) => request.Type == 16 ? server.Answer(request, 0) : right;
        Task<KeyManagerException> failing = FailAsync(server);
        while (!failing.IsCompleted)
        {
            _clock.Turn(TimeSpan.FromSeconds(1));
            await Task.WhenAny(failing, Clock.System.DelayAsync(TimeSpan.FromMilliseconds(20), Token));
        }

        Assert.Contains("does not serve the record", (await failing).Message, StringComparison.Ordinal);
        Assert.Equal(ErrorIds.DnsChangeNotServed, (await failing).ErrorId);
    }

    [Fact]
    public async Task A_copy_that_passes_a_change_on_is_not_looked_at()
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) => request.IsUpdate ? server.Answer(request, 0, originalId: request.Id ^ 0x5555) : right;

        await Update(server, zone: "example.test").ApplyAsync([Add("one")], Token);
        Assert.True(Assert.Single(server.Requests).IsUpdate);
    }

    [Fact]
    public async Task A_server_that_answers_no_questions_is_believed()
    {
        using UpdateServer server = new(_clock, s_secret);
        server.Reply = (request, right) => request.IsUpdate ? right : server.Answer(request, 5);

        await Update(server, zone: "example.test").ApplyAsync([Add("one")], Token);
        Assert.Contains("REFUSED", (await Assert.ThrowsAsync<NotFoundException>(() => Update(server).FindZoneAsync(Name, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_means_that_nothing_was_sent()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        IPEndPoint nobody = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();
        DynamicUpdate update = new(new Rfc2136Server(nobody.ToString(), Key(), "example.test"), Clock.System);

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => update.ApplyAsync([Add("one")], Token));
        Assert.True(error.WasNeverSent);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Silence_means_that_it_may_have_arrived()
    {
        using UpdateServer server = new(_clock, s_secret) { Reply = (_, _) => null };
        Task<TransportException> failing = Assert.ThrowsAsync<TransportException>(() => Update(server, zone: "example.test").ApplyAsync([Add("one")], Token));
        while (!failing.IsCompleted)
        {
            _clock.Turn(SignedExchange.UdpTimeLimit);
            await Task.WhenAny(failing, Clock.System.DelayAsync(TimeSpan.FromMilliseconds(20), Token));
        }

        Assert.False((await failing).WasNeverSent);
        Assert.True(server.Updates.Last().OverTcp);
    }

    [Fact]
    public async Task A_server_is_found_by_its_name()
    {
        using UpdateServer server = new(_clock, s_secret);
        List<string> asked = [];
        DynamicUpdate update = new(new Rfc2136Server($"ns1.example.test:{server.EndPoint.Port}", Key()), _clock, name =>
        {
            asked.Add(name);
            return Task.FromResult(new[] { IPAddress.Parse("127.0.0.2"), IPAddress.Loopback }); // at the first nobody listens
        });

        Assert.Equal("example.test", await update.FindZoneAsync(Name, Token));
        Assert.Equal("ns1.example.test", asked.Distinct().Single());

        DynamicUpdate lost = new(new Rfc2136Server("gone.example.test", Key()), _clock, _ => throw new SocketException((int)SocketError.HostNotFound));
        Assert.True((await Assert.ThrowsAsync<TransportException>(() => lost.FindZoneAsync(Name, Token))).WasNeverSent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.300")]
    [InlineData("1")]
    [InlineData("ns1:0")]
    [InlineData("ns1:port")]
    [InlineData("[::1")]
    [InlineData("https://ns1.example.test")]
    [InlineData("ns1..example.test")]
    public void What_is_no_server_is_refused(string address) =>
        Assert.Equal(ErrorIds.InvalidParameter, Assert.Throws<InvalidRequestException>(() => new DynamicUpdate(new Rfc2136Server(address, null), _clock)).ErrorId);

    [Fact]
    public async Task A_change_that_cannot_be_is_refused_before_anything_is_sent()
    {
        using UpdateServer server = new(_clock, s_secret);
        DnsChange change = Add("one");
        DnsChange[] wrong =
        [
            change with { Name = "bücher.example.test" }, change with { Name = "a..b.example.test" }, change with { Name = "" }, change with { Name = string.Join(".", Enumerable.Repeat("aaaa", 60)) },
            change with { Type = DnsType.A }, change with { Ttl = -1 }, change with { Value = new string('v', 65300) }, change with { Value = new string('v', 66000) }, change with { Name = "www.example.com" },
            change with { Type = DnsType.CName, Value = "a..b" },
        ];
        foreach (DnsChange one in wrong)
        {
            Assert.Equal(ErrorIds.InvalidParameter, (await Assert.ThrowsAsync<InvalidRequestException>(() => Update(server, zone: "example.test").ApplyAsync([one], Token))).ErrorId);
        }

        Assert.Empty(server.Updates);
    }

    [Fact]
    public async Task A_cancelled_change_ends_as_cancelled()
    {
        using UpdateServer server = new(_clock, s_secret) { Reply = (_, _) => null };
        using CancellationTokenSource ending = new();
        Task change = Update(server).ApplyAsync([Add("one")], ending.Token);
        ending.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => change);
    }

    [Fact]
    public void Any_octets_are_an_answer_or_one_of_our_errors()
    {
        TsigKey key = TsigKey.FromBase64("acme-key", "hmac-sha256", UpdateVectors.Secret);
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(UpdateVectors.Time);
        DnsMessage request = DnsMessage.Read(Hex.Read(UpdateVectors.Body));
        SignedMessage signed = key.Signer.Sign(Hex.Read(UpdateVectors.Body), time);
        byte[][] samples = [.. new[] { UpdateVectors.Answer, UpdateVectors.BadTime, UpdateVectors.BadKey, UpdateVectors.BadSig }.Select(a => Hex.Read("1234" + a.Substring(4)))];
        DnsName zone = DnsName.Parse("example.test");
        int state = 12345;
        int accepted = 0;
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 0; i < 100_000; i++)
        {
            byte[] bytes = Mutate(samples[i % samples.Length], ref state);
            SignedAnswer? answer = SignedExchange.TryRead(new IPEndPoint(IPAddress.Loopback, 53), request, signed, key.Signer, bytes, time);
            if (answer is null)
            {
                continue;
            }

            _ = ZoneAnswer.Read(answer.Message, zone);
            if (answer.Message.IsTruncated)
            {
                continue;
            }

            try
            {
                new UpdateErrors("").Check(answer, zone, "name", key);
                accepted++;

                // Capitals in the names of the TSIG record are the one thing that does not count.
                Assert.Equal(UpdateVectors.Answer, Hex.Write([.. bytes.Select((b, at) => at is (>= 30 and < 40) or (>= 50 and < 63) && b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b + 32) : b)]));
            }
            catch (KeyManagerException error)
            {
                Assert.NotNull(error.Remedy);
            }
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        Assert.True(accepted > 0);
    }

    private static byte[] Mutate(byte[] sample, ref int state)
    {
        List<byte> bytes = [.. sample];
        for (int count = Next(ref state, 4); count > 0; count--)
        {
            int at = Next(ref state, bytes.Count);
            switch (Next(ref state, 5))
            {
                case 0:
                    bytes.RemoveRange(at, Next(ref state, bytes.Count - at));
                    break;
                case 1:
                    bytes.InsertRange(at, bytes.Skip(at).Take(Next(ref state, 8)).ToList());
                    break;
                case 2:
                    bytes[at] = (byte)Next(ref state, 256);
                    break;
                default:
                    bytes[at] ^= (byte)(1 << Next(ref state, 8));
                    break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];
    }

    private static int Next(ref int state, int below)
    {
        state = unchecked((state * 1103515245) + 12345);
        return below == 0 ? 0 : ((state >> 16) & 0x7FFF) % below;
    }

    private static List<int> Strings(byte[] data)
    {
        List<int> lengths = [];
        for (int at = 0; at < data.Length; at += data[at] + 1)
        {
            lengths.Add(data[at]);
        }

        return lengths;
    }

    private static TsigKey Key(string algorithm = "hmac-sha256") => TsigKey.Create("key", algorithm, s_secret);

    private static DnsChange Add(string value) => new(true, Name, DnsType.Txt, value, 60);

    private DynamicUpdate Update(UpdateServer server, string? algorithm = "hmac-sha256", string? zone = null) =>
        new(new Rfc2136Server(server.EndPoint.ToString(), algorithm is null ? null : Key(algorithm), zone), _clock);

    private async Task<KeyManagerException> FailAsync(UpdateServer server)
    {
        KeyManagerException error = await Assert.ThrowsAnyAsync<KeyManagerException>(() => Update(server).ApplyAsync([Add("one")], Token));
        Assert.StartsWith("KmDns", error.ErrorId, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        return error;
    }
}
