using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Challenges;
using KeyManager.Providers.Dns.Wire;
using KeyManager.Tests.Dns;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Challenges;

public sealed class ValidationProbeTests
{
    private const string Token = "LoqXcYV8q5ONbJQxbmR7SCTNo3tiAXDfowyjxAjEuX0";

    private static readonly Uri Url = new($"http://www.contoso.test/.well-known/acme-challenge/{Token}");

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_file_is_fetched_from_the_given_address_under_its_own_name()
    {
        using ScriptedWebServer server = new(_ => ScriptedWebServer.Ok("token.thumbprint \r\n\t"));

        Assert.Equal("token.thumbprint", await GetAsync(server));

        ScriptedWebServer.Request request = Assert.Single(server.Requests);
        Assert.Equal(("GET", Url.AbsolutePath, "www.contoso.test"), (request.Method, request.Path, request.Host));
        Assert.StartsWith("KeyManager", request.Fields["User-Agent"], StringComparison.Ordinal);
        Assert.DoesNotContain("Cookie", request.Fields.Keys);
        Assert.DoesNotContain("Authorization", request.Fields.Keys);
    }

    [Fact]
    public async Task White_space_at_the_start_stays()
    {
        using ScriptedWebServer server = new(_ => ScriptedWebServer.Ok("  value\n"));

        Assert.Equal("  value", await GetAsync(server));
    }

    [Fact]
    public async Task An_international_name_is_sent_as_A_labels()
    {
        using ScriptedWebServer server = new(_ => ScriptedWebServer.Ok("value"));

        await Probe().GetFileAsync(new Uri("http://bücher.example:8080/a"), server.Address, CancellationToken.None);

        Assert.Equal("xn--bcher-kva.example:8080", Assert.Single(server.Requests).Host);
    }

    [Fact]
    public async Task Only_the_first_4_KiB_are_read()
    {
        using ScriptedWebServer server = new(_ => ScriptedWebServer.Ok(new string('v', 10_000)));

        Assert.Equal(new string('v', 4096), await GetAsync(server));
    }

    [Fact]
    public async Task A_body_without_end_does_no_harm()
    {
        using ScriptedWebServer server = new(_ => "HTTP/1.1 200 OK\r\n\r\nstart" + ScriptedWebServer.Endless);

        Assert.StartsWith("startxxx", await GetAsync(server), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Every_kind_of_redirect_is_followed(int status)
    {
        using ScriptedWebServer server = new(request => request.Path == "/there" ? ScriptedWebServer.Ok("value") : ScriptedWebServer.Redirect("/there", status));

        Assert.Equal("value", await GetAsync(server));
        Assert.All(server.Requests, request => Assert.Equal("www.contoso.test", request.Host));
    }

    [Fact]
    public async Task A_redirect_to_another_name_connects_to_the_given_address_too()
    {
        using ScriptedWebServer server = new(request => request.Host == "other.contoso.test:8080" ? ScriptedWebServer.Ok("value") : ScriptedWebServer.Redirect("http://user:word@other.contoso.test:8080/x?y=z"));

        Assert.Equal("value", await GetAsync(server));
        Assert.Equal("/x?y=z", server.Requests[1].Path);
        Assert.DoesNotContain("Authorization", server.Requests[1].Fields.Keys);
    }

    [Fact]
    public async Task A_redirect_to_https_takes_any_certificate()
    {
        Assert.SkipWhen(Wine.IsHere, "Wine's Schannel has no server side (AcceptSecurityContext), which the test's web server needs.");
        using ScriptedWebServer server = new(request => request.IsSecure ? ScriptedWebServer.Ok("value") : ScriptedWebServer.Redirect("https://www.contoso.test/x"));

        Assert.Equal("value", await GetAsync(server));
        Assert.Equal([false, true], server.Requests.Select(request => request.IsSecure));
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public async Task Ten_redirects_are_followed_and_not_more(int redirects, bool followed)
    {
        int count = 0;
        using ScriptedWebServer server = new(_ => ++count <= redirects ? ScriptedWebServer.Redirect($"/{count}") : ScriptedWebServer.Ok("value"));

        if (followed)
        {
            Assert.Equal("value", await GetAsync(server));
        }
        else
        {
            Assert.Contains("more than 10 times", (await FailsAsync(server)).Message, StringComparison.Ordinal);
            Assert.Equal(11, server.Requests.Count);
        }
    }

    [Theory]
    [InlineData("ftp://www.contoso.test/x", "neither http nor https")]
    [InlineData("file:///etc/passwd", "neither http nor https")]
    [InlineData("http://[x/", "no usable Location")]
    public async Task A_redirect_to_something_else_is_not_followed(string location, string why)
    {
        using ScriptedWebServer server = new(_ => ScriptedWebServer.Redirect(location));

        Assert.Contains(why, (await FailsAsync(server)).Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_redirect_without_a_place_is_an_error()
    {
        using ScriptedWebServer server = new(_ => ScriptedWebServer.Status("302 Found"));

        Assert.Contains("no usable Location", (await FailsAsync(server)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("404 Not Found", "404", false)]
    [InlineData("204 No Content", "204", false)]
    [InlineData("401 Unauthorized", "401", false)]
    [InlineData("503 Service Unavailable", "503", true)]
    public async Task Any_status_but_200_is_an_error(string status, string number, bool transient)
    {
        using ScriptedWebServer server = new(_ => ScriptedWebServer.Status(status));

        ChallengeException error = await FailsAsync(server);

        Assert.Contains($"status {number}", error.Message, StringComparison.Ordinal);
        Assert.Equal(transient, error.IsTransient);
    }

    [Fact]
    public async Task The_error_after_a_redirect_names_both_addresses()
    {
        using ScriptedWebServer server = new(request => request.Path == "/there" ? ScriptedWebServer.Status("404 Not Found") : ScriptedWebServer.Redirect("/there"));

        ChallengeException error = await FailsAsync(server);

        Assert.Contains(Url.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("http://www.contoso.test/there", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://www.contoso.test:8080/x")]
    [InlineData("https://www.contoso.test:8443/x")]
    [InlineData("ftp://www.contoso.test/x")]
    public async Task Without_a_given_address_only_ports_80_and_443_are_connected_to(string url)
    {
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => Probe().GetFileAsync(new Uri(url), null, CancellationToken.None));

        Assert.Equal(ErrorIds.ChallengeFailed, error.ErrorId);
        Assert.NotNull(error.Remedy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")]
    [InlineData("not http at all\r\n\r\n")]
    public async Task A_connection_that_breaks_is_an_error(string answer)
    {
        using ScriptedWebServer server = new(_ => answer);

        Assert.True((await FailsAsync(server)).IsTransient);
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_an_error()
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string closed = listener.LocalEndpoint.ToString()!;
        listener.Stop();

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => new ValidationProbe(Clock.System).GetFileAsync(Url, closed, CancellationToken.None));

        Assert.Equal(ErrorIds.ChallengeFailed, error.ErrorId);
        Assert.Contains(Url.ToString(), error.Message, StringComparison.Ordinal);
        Assert.Contains("port 80", error.Remedy, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
        Assert.NotNull(error.InnerException);
    }

    [Theory]
    [InlineData(ScriptedWebServer.Stall)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf" + ScriptedWebServer.Stall)]
    public async Task A_server_that_does_not_go_on_is_left_after_ten_seconds(string answer)
    {
        using ScriptedWebServer server = new(_ =>
        {
            _clock.Turn(TimeSpan.FromSeconds(10));
            return answer;
        });

        ChallengeException error = await FailsAsync(server);

        Assert.Contains("within 10 seconds", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Waiting_for_a_file_ends_at_once_when_cancelled()
    {
        using CancellationTokenSource stop = new();
        using ScriptedWebServer server = new(_ =>
        {
            stop.Cancel();
            return ScriptedWebServer.Stall;
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Probe().GetFileAsync(Url, server.Address, stop.Token));
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused() =>
        Assert.Equal(ErrorIds.InvalidParameter, (await Assert.ThrowsAsync<InvalidRequestException>(() => Probe().GetFileAsync(Url, "localhost:80", CancellationToken.None))).ErrorId);

    [Fact]
    public async Task Text_records_are_read_over_aliases()
    {
        DnsName end = DnsName.Parse("validation.elsewhere.test");
        using ScriptedDnsServer server = new(query => query.Name.Equals(end)
            ? query.Reply(DnsRecord.Text(end, 60, "one"), DnsRecord.Text(end, 60, new string('z', 300)))
            : query.Reply(DnsRecord.Alias(query.Name, 60, end)));

        Assert.Equal(["one", new string('z', 300)], await TextAsync(server));
    }

    [Fact]
    public async Task A_missing_record_is_an_empty_list()
    {
        using ScriptedDnsServer server = new(query => query.Fail(DnsResponseCode.NXDomain));

        Assert.Empty(await TextAsync(server));
    }

    [Theory]
    [InlineData((int)DnsResponseCode.ServFail, "SERVFAIL", "DNSSEC", true)]
    [InlineData((int)DnsResponseCode.Refused, "REFUSED", "answers this machine", false)]
    public async Task A_refusal_of_the_DNS_is_a_failed_challenge(int code, string word, string remedy, bool transient)
    {
        using ScriptedDnsServer server = new(query => query.Fail((DnsResponseCode)code));

        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => TextAsync(server));

        Assert.Equal(ErrorIds.ChallengeFailed, error.ErrorId);
        Assert.Contains("_acme-challenge.contoso.test", error.Message, StringComparison.Ordinal);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
        Assert.Equal(transient, error.IsTransient);
    }

    [Fact]
    public async Task A_broken_text_record_is_a_failed_challenge()
    {
        using ScriptedDnsServer server = new(query => query.Reply(new DnsRecord(query.Name, DnsType.Txt, DnsClass.Internet, 60, [])));

        Assert.Equal(ErrorIds.ChallengeFailed, (await Assert.ThrowsAsync<ChallengeException>(() => TextAsync(server))).ErrorId);
    }

    private ValidationProbe Probe() => new(_clock);

    private Task<string> GetAsync(ScriptedWebServer server) => Probe().GetFileAsync(Url, server.Address, CancellationToken.None);

    private async Task<ChallengeException> FailsAsync(ScriptedWebServer server)
    {
        ChallengeException error = await Assert.ThrowsAsync<ChallengeException>(() => GetAsync(server));
        Assert.Equal(ErrorIds.ChallengeFailed, error.ErrorId);
        Assert.Contains(Url.ToString(), error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        return error;
    }

    private Task<IReadOnlyList<string>> TextAsync(ScriptedDnsServer server) =>
        Probe().GetRecordsAsync("_acme-challenge.contoso.test", KeyManager.Dns.DnsRecordType.Txt, server.EndPoint.ToString(), CancellationToken.None);
}
