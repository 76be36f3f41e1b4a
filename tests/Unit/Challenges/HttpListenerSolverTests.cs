using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Challenges.Listening;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Challenges;

public sealed class HttpListenerSolverTests : IAsyncDisposable
{
    private const string Folder = "/.well-known/acme-challenge/";

    private readonly FakeClock _clock = new();
    private readonly ChallengeListeners _listeners;
    private readonly HttpListenerSolver _solver;
    private readonly int _port = RawHttp.FreePort();
    private readonly List<Challenge> _presented = [];

    public HttpListenerSolverTests()
    {
        _listeners = new ChallengeListeners(_clock, canShare: false);
        _solver = new HttpListenerSolver(_listeners);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Challenge challenge in _presented)
        {
            await CleanUpAsync(challenge);
        }

        Assert.Equal(0, _listeners.Count);
    }

    [Theory]
    [InlineData("HTTP/1.0")]
    [InlineData("HTTP/1.1")]
    public async Task The_value_is_answered_at_its_path_and_nothing_else_is(string version)
    {
        Challenge challenge = SomeChallenge.Http();
        await PresentAsync(challenge);

        string answer = await RawHttp.GetAsync(_port, Folder + challenge.Token, version);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/octet-stream\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n" + challenge.Value, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_probe_of_an_authority_finds_it()
    {
        Challenge challenge = SomeChallenge.Http();
        await PresentAsync(challenge);

        Assert.Equal(challenge.Value, await new ValidationProbe(Clock.System).GetFileAsync(new Uri(challenge.Location!), $"127.0.0.1:{_port}", CancellationToken.None));
    }

    [Fact]
    public async Task HEAD_has_the_length_and_no_body()
    {
        Challenge challenge = SomeChallenge.Http("t");
        await PresentAsync(challenge);

        string answer = await RawHttp.SendAsync(_port, $"HEAD {Folder}t HTTP/1.1\r\nHost: x\r\n\r\n");

        Assert.Contains($"Content-Length: {challenge.Value!.Length}\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", await RawHttp.SendAsync(_port, "HEAD /other HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1", "404")]
    [InlineData("GET /.well-known/acme-challenge/ HTTP/1.1", "404")]
    [InlineData("GET /.well-known/acme-challenge/other HTTP/1.1", "404")]
    [InlineData("GET /.well-known/acme-challenge/T HTTP/1.1", "404")]
    [InlineData("GET /.well-known/acme-challenge/t/ HTTP/1.1", "404")]
    [InlineData("GET /.well-known/acme-challenge/t?x=1 HTTP/1.1", "404")]
    [InlineData("GET /.well-known/acme-challenge/../acme-challenge/t HTTP/1.1", "404")]
    [InlineData("GET /.well-known/acme-challenge/../../../../etc/passwd HTTP/1.1", "404")]
    [InlineData("GET /.well-known/acme-challenge/%74 HTTP/1.1", "404")]
    [InlineData("GET ../../etc/passwd HTTP/1.1", "404")]
    [InlineData("GET http://host HTTP/1.1", "404")]
    [InlineData("POST /.well-known/acme-challenge/t HTTP/1.1", "404")]
    [InlineData("get /.well-known/acme-challenge/t HTTP/1.1", "404")]
    [InlineData("GET /.well-known/acme-challenge/t", "400")]
    [InlineData("GET /.well-known/acme-challenge/t HTTP/2.0", "400")]
    [InlineData("GET  /.well-known/acme-challenge/t HTTP/1.1", "400")]
    [InlineData("", "400")]
    [InlineData("GET /.well-known/acme-challenge/t HTTP/1.1", "200")]
    [InlineData("GET http://www.contoso.test/.well-known/acme-challenge/t HTTP/1.1", "200")]
    public async Task Only_exactly_the_published_path_is_answered(string line, string status)
    {
        await PresentAsync(SomeChallenge.Http("t"));

        string answer = await RawHttp.SendAsync(_port, line + "\r\nX: y\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == "200", answer.Contains("t.thumbprint"));
    }

    [Fact]
    public async Task A_head_of_more_than_8_KiB_is_refused()
    {
        await PresentAsync(SomeChallenge.Http("t"));
        string fits = $"GET {Folder}t HTTP/1.1\r\nX: ";

        Assert.StartsWith("HTTP/1.1 200 ", await RawHttp.SendAsync(_port, fits + new string('x', HttpHead.MaxLength - fits.Length - 4) + "\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await RawHttp.SendAsync(_port, fits + new string('x', HttpHead.MaxLength) + "\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /.well-known/acme")]
    public async Task A_client_that_does_not_go_on_is_cut_off_by_the_clock(string start)
    {
        await PresentAsync(SomeChallenge.Http("t"));
        using TcpClient slow = await RawHttp.ConnectAsync(_port);
        byte[] bytes = Encoding.ASCII.GetBytes(start);
        await slow.GetStream().WriteAsync(bytes, 0, bytes.Length);
        await RawHttp.UntilAsync(() => _clock.Waiting == 1);

        _clock.Advance(TcpChallengeListener.ConnectionTimeLimit - TimeSpan.FromSeconds(1));
        Assert.StartsWith("HTTP/1.1 200 ", await RawHttp.GetAsync(_port, Folder + "t"), StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("", await RawHttp.ReadAsync(slow.GetStream()));
    }

    [Fact]
    public async Task With_too_many_connections_the_oldest_has_to_go()
    {
        ListenerProofs proofs = new();
        proofs.Set("owner", new FileProof("/x", [(byte)'x']));
        using TcpChallengeListener listener = new(new ListenAddress(IPAddress.Loopback, _port), proofs, _clock);
        List<TcpClient> clients = [];
        for (int i = 0; i < TcpChallengeListener.MaxConnections; i++)
        {
            clients.Add(await RawHttp.ConnectAsync(_port));
            await RawHttp.UntilAsync(() => listener.Connections == clients.Count);
        }

        Assert.EndsWith("x", await RawHttp.GetAsync(_port, "/x"), StringComparison.Ordinal);
        Assert.Equal("", await RawHttp.ReadAsync(clients[0].GetStream()));

        Assert.True(listener.Connections >= TcpChallengeListener.MaxConnections - 2);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Several_orders_share_one_port_and_the_last_one_closes_it()
    {
        Challenge[] challenges = [.. Enumerable.Range(0, 20).Select(i => SomeChallenge.Http($"token{i}", $"order{i % 4}"))];
        await Task.WhenAll(challenges.Select(c => Task.Run(() => PresentAsync(c))));

        Assert.Equal(1, _listeners.Count);
        string[] answers = await Task.WhenAll(challenges.Select(c => RawHttp.GetAsync(_port, Folder + c.Token)));
        Assert.All(challenges.Zip(answers, (c, a) => (c, a)), pair => Assert.EndsWith("\r\n" + pair.c.Value, pair.a, StringComparison.Ordinal));

        foreach (Challenge challenge in challenges.Skip(1))
        {
            await CleanUpAsync(challenge);
            Assert.StartsWith("HTTP/1.1 404 ", await RawHttp.GetAsync(_port, Folder + challenge.Token), StringComparison.Ordinal);
        }

        Assert.True(await RawHttp.IsOpenAsync(_port));
        await CleanUpAsync(challenges[0]);
        Assert.False(await RawHttp.IsOpenAsync(_port));
    }

    [Fact]
    public async Task Publishing_twice_is_taken_away_once()
    {
        await PresentAsync(SomeChallenge.Http());
        await PresentAsync(SomeChallenge.Http());
        await CleanUpAsync(SomeChallenge.Http());

        Assert.False(await RawHttp.IsOpenAsync(_port));
    }

    [Fact]
    public async Task One_token_of_two_orders_stays_until_both_are_done()
    {
        await PresentAsync(SomeChallenge.Http("t", "one"));
        await PresentAsync(SomeChallenge.Http("t", "two"));

        await CleanUpAsync(SomeChallenge.Http("t", "two"));

        Assert.StartsWith("HTTP/1.1 200 ", await RawHttp.GetAsync(_port, Folder + "t"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_port_can_be_opened_again_at_once()
    {
        for (int i = 0; i < 3; i++)
        {
            await PresentAsync(SomeChallenge.Http());
            Assert.StartsWith("HTTP/1.1 200 ", await RawHttp.GetAsync(_port, Folder + SomeChallenge.Http().Token), StringComparison.Ordinal);
            await CleanUpAsync(SomeChallenge.Http());
        }
    }

    [Fact]
    public async Task Clean_up_of_what_another_process_published_finds_nothing_and_is_no_error()
    {
        await CleanUpAsync(SomeChallenge.Http());
        await _solver.CleanUpAsync(SomeChallenge.Context(SomeChallenge.Order() with { ListenAddress = "not an address" }), SomeChallenge.Http(), CancellationToken.None);
    }

    [Fact]
    public async Task A_taken_port_is_named_with_the_ways_around_it()
    {
        TcpListener other = new(IPAddress.Loopback, _port);
        other.Start();

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => PresentAsync(SomeChallenge.Http()));

        other.Stop();
        Assert.Equal(ErrorIds.ChallengeNotPublished, error.ErrorId);
        Assert.Contains($"port {_port} is taken", error.Message, StringComparison.Ordinal);
        Assert.Contains("-WebRootPath", error.Remedy, StringComparison.Ordinal);
        Assert.Contains("forward", error.Remedy, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named()
    {
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => PresentAsync(SomeChallenge.Http(), $"192.0.2.1:{_port}"));

        Assert.Equal(ErrorIds.ChallengeNotPublished, error.ErrorId);
        Assert.Contains($"*:{_port}", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:80")]
    [InlineData("*:0")]
    [InlineData("70000")]
    [InlineData("*:http")]
    public async Task An_address_that_is_none_is_refused_with_an_example(string text)
    {
        InvalidRequestException error = await Assert.ThrowsAsync<InvalidRequestException>(() => PresentAsync(SomeChallenge.Http(), text));

        Assert.Equal(ErrorIds.InvalidParameter, error.ErrorId);
        Assert.Contains("*:80", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("80", "*:80")]
    [InlineData("*", "*:443")]
    [InlineData(" *:8080 ", "*:8080")]
    [InlineData("127.0.0.1:5002", "127.0.0.1:5002")]
    [InlineData("127.0.0.1", "127.0.0.1:443")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("::1", "[::1]:443")]
    public void An_address_is_read(string text, string expected) => Assert.Equal(expected, ListenAddress.Parse(text, 443).ToString());

    [Fact]
    public async Task All_addresses_means_IPv4_and_IPv6()
    {
        Assert.SkipUnless(HasIPv6(), "This machine has no IPv6 on its loopback.");
        await PresentAsync(SomeChallenge.Http("t"), _port.ToString(CultureInfo.InvariantCulture));

        Assert.StartsWith("HTTP/1.1 200 ", await RawHttp.GetAsync(_port, Folder + "t"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await RawHttp.GetAsync(_port, Folder + "t", address: IPAddress.IPv6Loopback), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_present_opens_nothing()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _solver.PresentAsync(Context($"127.0.0.1:{_port}"), SomeChallenge.Http(), stop.Token));

        Assert.Equal(0, _listeners.Count);
        await CleanUpAsync(SomeChallenge.Http());
    }

    [Fact]
    public async Task A_challenge_without_content_is_not_published()
    {
        await Assert.ThrowsAsync<ChallengeException>(() => PresentAsync(SomeChallenge.Http() with { Value = null }));
        await Assert.ThrowsAsync<ChallengeException>(() => PresentAsync(SomeChallenge.Http() with { Location = null }));
        Assert.Equal(0, _listeners.Count);
    }

    [Fact]
    public async Task A_port_that_is_shared_answers_the_same()
    {
        Assert.SkipWhen(RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "On Windows it takes an administrator to listen on all hosts of http.sys.");
        Assert.SkipWhen(MonoRuntime.IsHere, "A process that has used Mono's HttpListener may not end; .NET Framework uses the one of Windows.");
        ListenerProofs proofs = new();
        proofs.Set("owner", new FileProof(Folder + "t", Encoding.ASCII.GetBytes("value")));
        using SharedHttpListener listener = new(_port, proofs);

        Assert.EndsWith("value", await RawHttp.GetAsync(_port, Folder + "t"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", await RawHttp.GetAsync(_port, Folder + "other"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", await RawHttp.SendAsync(_port, $"POST {Folder}t HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChallengeType.Http01, "80", true)]
    [InlineData(ChallengeType.Http01, null, false)]
    [InlineData(ChallengeType.Dns01, "80", false)]
    [InlineData(ChallengeType.TlsAlpn01, "80", false)]
    public void Only_http_challenges_of_orders_with_an_address_are_solved(ChallengeType type, string? address, bool solved) =>
        Assert.Equal(solved, _solver.CanSolve(SomeChallenge.Order() with { ListenAddress = address }, SomeChallenge.Http() with { Type = type }));

    private static bool HasIPv6()
    {
        try
        {
            TcpListener listener = new(IPAddress.IPv6Loopback, 0);
            listener.Start();
            listener.Stop();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static KeyManager.Challenges.SolverContext Context(string address) => SomeChallenge.Context(SomeChallenge.Order() with { ListenAddress = address });

    private async Task PresentAsync(Challenge challenge, string? address = null)
    {
        await _solver.PresentAsync(Context(address ?? $"127.0.0.1:{_port}"), challenge, CancellationToken.None);
        lock (_presented)
        {
            _presented.Add(challenge);
        }
    }

    private Task CleanUpAsync(Challenge challenge) => _solver.CleanUpAsync(Context($"127.0.0.1:{_port}"), challenge, CancellationToken.None);
}
