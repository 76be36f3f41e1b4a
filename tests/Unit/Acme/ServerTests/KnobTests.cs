using System;
using System.Linq;
using System.Net.Http;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using Org.BouncyCastle.X509;
using Xunit;

namespace KeyManager.Tests.Acme.ServerTests;

/// <summary>Failures on order, odd answers, slow answers.</summary>
public sealed class KnobTests : IDisposable
{
    private const string Order = "{\"identifiers\":[{\"type\":\"dns\",\"value\":\"a.example\"}]}";

    private readonly FakeClock _clock = new();
    private readonly StrictAcmeServer _server;
    private readonly RawAcmeClient _client;

    public KnobTests()
    {
        _server = new StrictAcmeServer(_clock);
        _client = new RawAcmeClient(_server.Directory);
        _client.Register();
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void Good_nonces_are_refused_as_often_as_told()
    {
        _server.Faults.PercentOfNoncesRefused = 50;

        int refused = Enumerable.Range(0, 100).Count(_ => _client.Read(_client.Account!).Problem == "badNonce");

        Assert.InRange(refused, 35, 65);
        Assert.Empty(_server.Violations);
    }

    [Fact]
    public void An_error_comes_as_often_as_told_with_a_time_to_wait()
    {
        _server.Faults.FailNext(AcmeResource.NewOrder, 2, 503, retryAfter: TimeSpan.FromSeconds(7));
        _server.Faults.RateLimitNext(AcmeResource.NewOrder, 1, TimeSpan.FromHours(1), "too many certificates");

        RawReply first = PlaceOrder();
        Assert.Equal((503, "7", ""), (first.Status, first.Fields["Retry-After"], first.Body));
        _server.Pace.SaysRetryAfterAsDate = true;
        Assert.Equal("Sun, 01 Mar 2026 12:00:07 GMT", PlaceOrder().Fields["Retry-After"]);
        RawReply limited = PlaceOrder();
        Assert.Equal((429, "rateLimited", "too many certificates"), (limited.Status, limited.Problem, limited.Text("detail")));
        Assert.Equal("https://ca.example/limits", limited.Link("help"));
        Assert.Equal(201, PlaceOrder().Status);
        Assert.Equal(0, _server.Faults.Pending);
        Assert.Equal([503, 503, 429, 201], _server.Requests.Where(request => request.Resource == AcmeResource.NewOrder).Select(request => request.Status));
    }

    [Fact]
    public void An_error_can_come_after_the_deed()
    {
        _server.Faults.FailNext(AcmeResource.NewOrder, 1, 500, "serverInternal", afterProcessing: true);

        Assert.Equal("serverInternal", PlaceOrder().Problem);
        Assert.Single(_server.Orders);
    }

    [Theory]
    [InlineData(ConnectionCut.BeforeAnswer)]
    [InlineData(ConnectionCut.WithinAnswer)]
    public void The_connection_can_end_after_the_deed(ConnectionCut where)
    {
        _server.Faults.CutNext(AcmeResource.NewOrder, 1, where);

        // A library may try again by itself; then it hears of the nonce, which is used up.
        Assert.True(HasNoAnswer(), "An answer came.");
        Assert.Single(_server.Orders);
        Assert.Empty(_server.Violations);
        Assert.Equal(201, PlaceOrder().Status);
    }

    [Fact]
    public void The_connection_can_end_before_the_deed()
    {
        // As often as a library may try by itself.
        _server.Faults.DropBefore(AcmeResource.NewOrder, 10);

        Assert.True(HasNoAnswer(), "An answer came.");
        Assert.Empty(_server.Orders);
    }

    [Fact]
    public void Nonces_are_forgotten()
    {
        string nonce = _client.TakeNonce();
        _server.ForgetNonces();

        Assert.Equal("badNonce", _client.Post(_client.Account!, "", draft => draft.Header["nonce"] = $"\"{nonce}\"").Problem);
        Assert.Empty(_server.Violations);
    }

    [Fact]
    public void Proxies_answer_and_redirect()
    {
        _server.Faults.HtmlNext(AcmeResource.Order);
        _server.Faults.RedirectNext(AcmeResource.Order);
        string order = PlaceOrder().Location;

        RawReply page = _client.Read(order);
        Assert.Equal((502, "text/html"), (page.Status, page.Fields["Content-Type"]));
        RawReply redirect = _client.Read(order);
        Assert.Equal((307, "/elsewhere"), (redirect.Status, new Uri(redirect.Location).AbsolutePath));
        Assert.Equal(404, _client.Read(redirect.Location).Status);
        Assert.Single(_server.Violations);
    }

    [Fact]
    public void Things_take_as_many_looks_as_told()
    {
        _server.Pace.ValidationPolls = 2;
        _server.Pace.IssuancePolls = 2;
        _server.Pace.RetryAfter = TimeSpan.FromSeconds(3);
        RawReply order = PlaceOrder();
        RawReply authorization = _client.Read(order.Texts("authorizations")[0]);
        RawReply challenge = _client.Post(authorization.Challenge("http-01"), "{}");

        Assert.Equal(("processing", "3"), (challenge.Text("status"), challenge.Fields["Retry-After"]));
        Assert.Equal(["pending", "pending", "valid"], Looks(order.Texts("authorizations")[0], 3));
        RawReply finalized = _client.Finalize(order, Csr());
        Assert.Equal(("processing", "3"), (finalized.Text("status"), finalized.Fields["Retry-After"]));
        Assert.Equal(["processing", "processing", "valid", "valid"], Looks(order.Location, 4));
    }

    [Fact]
    public void Things_stay_as_they_are_for_ever()
    {
        _server.Pace.ParksOrders = true;
        RawReply order = _client.OrderReady("\"identifiers\":[{\"type\":\"dns\",\"value\":\"a.example\"}]");
        _client.Finalize(order, Csr());

        Assert.All(Looks(order.Location, 20), status => Assert.Equal("processing", status));
        _server.Pace.ParksOrders = false;
        Assert.Equal(["valid"], Looks(order.Location, 1));
        Assert.Equal("orderNotReady", _client.Finalize(order, Csr()).Problem);
    }

    [Fact]
    public void Answers_are_odd()
    {
        _server.Oddities.OmitsExpires = true;
        _server.Oddities.OmitsFinalizeLocation = true;
        RawReply order = _client.OrderReady("\"identifiers\":[{\"type\":\"dns\",\"value\":\"a.example\"}]");
        Assert.DoesNotContain("expires", order.Body);
        Assert.False(_client.Finalize(order, Csr()).Fields.ContainsKey("Location"));

        _server.Oddities.NullAuthorizations = true;
        Assert.Contains("\"authorizations\":null", _client.Read(order.Location).Body);

        _server.Oddities.RelativeUrls = true;
        Assert.StartsWith("/asked/", PlaceOrder().Location);

        _server.Oddities.StrangeDirectoryEntries = true;
        _server.Oddities.DirectoryWithoutNewOrder = true;
        string directory = _client.Get(_server.Directory.AbsoluteUri).Body;
        Assert.Contains(":42,", directory);
        Assert.DoesNotContain("\"newOrder\":\"", directory);

        _server.Oddities.EmptyAccountBody = true;
        using RawAcmeClient other = new(_server.Directory);
        Assert.Equal((201, ""), (other.Register().Status, other.Read(_client.Url("newNonce")).Text("status")));

        _server.Oddities.NoNonceInErrors = true;
        Assert.False(_client.Read(_client.Url("newOrder")).Fields.ContainsKey("Replay-Nonce"));

        _server.Oddities.DateSkew = TimeSpan.FromHours(-5);
        Assert.Equal("Sun, 01 Mar 2026 07:00:00 GMT", _client.Get(_server.Directory.AbsoluteUri).Fields["Date"]);
    }

    [Fact]
    public void New_terms_stop_orders()
    {
        _server.Oddities.NewTerms = new Uri("https://ca.example/terms/2.pdf");

        RawReply reply = PlaceOrder();

        Assert.Equal(("userActionRequired", "https://ca.example/terms/2.pdf"), (reply.Problem, reply.Link("terms-of-service")));
    }

    [Fact]
    public void Refused_names_have_subproblems()
    {
        _server.Policy.RefusedIdentifiers["b.example"] = ("rejectedIdentifier", "on a list");
        _server.Policy.RefusedIdentifiers["c.example"] = ("caa", "CAA says no");

        RawReply one = _client.Post(_client.Url("newOrder"), "{" + RawAcmeClient.Identifiers("a.example", "b.example") + "}");
        RawReply two = _client.Post(_client.Url("newOrder"), "{" + RawAcmeClient.Identifiers("a.example", "b.example", "c.example") + "}");

        Assert.Equal(("rejectedIdentifier", "on a list"), (one.Problem, one.Text("detail")));
        Assert.Contains("\"subproblems\":[{\"type\":\"urn:ietf:params:acme:error:rejectedIdentifier\",\"detail\":\"on a list\",\"identifier\":{\"type\":\"dns\",\"value\":\"b.example\"}}]", one.Body);
        Assert.Equal("compound", two.Problem);
        Assert.Contains("error:caa", two.Body);
        Assert.Equal("unsupportedIdentifier", _client.Post(_client.Url("newOrder"), "{\"identifiers\":[{\"type\":\"email\",\"value\":\"a@b.example\"}]}").Problem);
        Assert.Empty(_server.Violations);
    }

    [Fact]
    public void The_Buypass_shape_refuses_what_Buypass_refused()
    {
        using StrictAcmeServer server = new(_clock) { Policy = ServerPolicy.BuypassShaped() };
        using RawAcmeClient client = new(server.Directory);
        RawReply Try(params string[] names) => client.Post(client.Url("newOrder"), "{" + RawAcmeClient.Identifiers(names) + "}");

        Assert.Equal("invalidContact", client.Register().Problem);
        client.Register("\"termsOfServiceAgreed\":true,\"contact\":[\"mailto:a@b.example\"]");
        Assert.Equal("rejectedIdentifier", Try("*.a.example").Problem);
        Assert.Equal("malformed", Try("a.example", "b.example", "c.example", "d.example", "e.example", "f.example").Problem);
        client.Obtain("a.example");
        Assert.Equal(180, (server.Certificates[0].NotAfter.AddSeconds(1) - server.Certificates[0].NotBefore).TotalDays);
        Assert.Empty(server.Violations);
    }

    [Theory]
    [InlineData(CertificateFault.OtherNames)]
    [InlineData(CertificateFault.MissingName)]
    [InlineData(CertificateFault.OtherKey)]
    [InlineData(CertificateFault.Expired)]
    [InlineData(CertificateFault.NotYetValid)]
    [InlineData(CertificateFault.WrongSignature)]
    public void Certificates_are_wrong_as_told(CertificateFault fault)
    {
        _server.Oddities.Certificate = fault;
        Org.BouncyCastle.Crypto.AsymmetricCipherKeyPair pair = CertificateForge.NewKey();
        RawReply order = _client.OrderReady("\"identifiers\":[{\"type\":\"dns\",\"value\":\"a.example\"}]");
        _client.Finalize(order, RawAcmeClient.Csr(pair, null, RawAcmeClient.Dns("a.example")));

        X509Certificate certificate = new X509CertificateParser().ReadCertificate(_server.Certificates[0].Der);
        bool isForName = System.Text.Encoding.ASCII.GetString(_server.Certificates[0].Der).Contains("a.example");
        bool isForKey = certificate.GetPublicKey().Equals(pair.Public);
        bool isNow = certificate.IsValid(_clock.UtcNow.UtcDateTime);
        CertificateFault found = !isForName
            ? fault == CertificateFault.MissingName ? fault : CertificateFault.OtherNames
            : !isForKey ? CertificateFault.OtherKey
            : !isNow ? (certificate.NotAfter < _clock.UtcNow.UtcDateTime ? CertificateFault.Expired : CertificateFault.NotYetValid)
            : CertificateFault.WrongSignature;
        Assert.Equal(fault, found);
        Assert.Equal(fault == CertificateFault.WrongSignature, !IsSignedBy(certificate, _server.Intermediates[0]));
    }

    [Theory]
    [InlineData(RenewalInfoAnswer.Normal, 200, "\"start\":\"2026-04-29T")]
    [InlineData(RenewalInfoAnswer.Explained, 200, "explanationURL")]
    [InlineData(RenewalInfoAnswer.WindowInThePast, 200, "\"start\":\"2026-02-26T")]
    [InlineData(RenewalInfoAnswer.FarFuture, 200, "\"start\":\"2036-03-01T")]
    [InlineData(RenewalInfoAnswer.EndBeforeStart, 200, "\"end\":\"2026-04-29T")]
    [InlineData(RenewalInfoAnswer.EmptyWindow, 200, "\"end\":\"2026-04-29T")]
    [InlineData(RenewalInfoAnswer.NoWindow, 200, "{}")]
    [InlineData(RenewalInfoAnswer.BadDates, 200, "tomorrow")]
    [InlineData(RenewalInfoAnswer.Garbage, 200, "\"start\": ")]
    [InlineData(RenewalInfoAnswer.NotFound, 404, "malformed")]
    [InlineData(RenewalInfoAnswer.ServerError, 500, "serverInternal")]
    public void Renewal_information_is_as_told(RenewalInfoAnswer kind, int status, string part)
    {
        _client.Obtain("a.example");
        _server.Oddities.RenewalInfo = kind;

        RawReply reply = _client.Get(_client.Url("renewalInfo") + "/" + _server.Certificates[0].CertId);

        Assert.Equal(status, reply.Status);
        Assert.Contains(part, reply.Body);
        Assert.True(status != 200 || reply.Fields["Retry-After"] == "21600");
    }

    [Fact]
    public void An_order_like_an_open_one_gives_that_one_when_the_policy_says_so()
    {
        _server.Policy.ReusesOrders = true;

        Assert.Equal(PlaceOrder().Location, PlaceOrder().Location);
        Assert.Single(_server.Orders);
    }

    private static string Csr() => RawAcmeClient.Csr(CertificateForge.NewKey(), null, RawAcmeClient.Dns("a.example"));

    private static bool IsSignedBy(X509Certificate certificate, byte[] issuer)
    {
        try
        {
            certificate.Verify(new X509CertificateParser().ReadCertificate(issuer).GetPublicKey());
            return true;
        }
        catch (Org.BouncyCastle.Security.GeneralSecurityException)
        {
            return false;
        }
    }

    private RawReply PlaceOrder() => _client.Post(_client.Url("newOrder"), Order);

    private bool HasNoAnswer()
    {
        try
        {
            return PlaceOrder().Problem == "badNonce";
        }
        catch (Exception error) when (error is HttpRequestException or System.IO.IOException)
        {
            return true;
        }
    }

    private string[] Looks(string url, int count) => [.. Enumerable.Range(0, count).Select(_ => _client.Read(url).Text("status"))];
}
