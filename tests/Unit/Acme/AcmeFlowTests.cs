using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Providers.Authorities.Acme;
using KeyManager.Storage;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Acme;

/// <summary>From the order to the saved certificate and its renewal, on a server that checks every request to the letter.</summary>
public sealed class AcmeFlowTests : AcmeTests
{
    [Theory]
    [InlineData(ChallengeType.Http01)]
    [InlineData(ChallengeType.Dns01)]
    public async Task A_certificate_is_ordered_proved_and_saved(ChallengeType type)
    {
        await Acme.AddAccountAsync();
        Certificate certificate = await Acme.Bench.GetCertificateAsync(AcmeBench.For("www.contoso.com", "contoso.com") with { ChallengeType = type });
        Assert.Equal((CertificateStatus.Valid, true, 1), (certificate.Status, certificate.IsCurrent, certificate.Version));
        Assert.Equal(["contoso.com", "www.contoso.com"], certificate.DomainNames.Select(n => n.Ascii).Order(StringComparer.Ordinal));
        Assert.Empty(Acme.Bench.Solver.Published);
        ServedOrder order = Assert.Single(Acme.Server.Orders);
        Assert.Equal(("valid", 1), (order.Status, order.Finalizations));
        Assert.Equal(2, Acme.Server.Authorizations.Sum(a => a.Challenges.Sum(c => c.Triggers)));
    }

    [Fact]
    public async Task The_proof_is_taken_away_while_the_certificate_is_asked_for()
    {
        await Acme.AddAccountAsync();
        bool wasAsked = false;
        Acme.Bench.Solver.BeforeCleanUp = () => Task.Run(() => wasAsked = SpinWait.SpinUntil(() => Acme.Server.CountOf(AcmeResource.Finalize) > 0, TimeSpan.FromSeconds(10)));
        await Acme.Bench.GetCertificateAsync("www.contoso.com");
        Assert.True(wasAsked);
        Assert.Empty(Acme.Bench.Solver.Published);
        Assert.All(Acme.Bench.Orders().Single().Challenges, c => Assert.Null(c.PublishedBy));
    }

    [Theory]
    [InlineData(AcmeResource.Finalize)]
    [InlineData(AcmeResource.Certificate)]
    public async Task A_request_that_fails_leaves_no_proof_behind_and_says_so(AcmeResource resource)
    {
        await Acme.AddAccountAsync();
        Acme.Server.Faults.FailNext(resource, 1, 403, "unauthorized");
        await Assert.ThrowsAnyAsync<KeyManagerException>(() => Acme.Bench.GetCertificateAsync("www.contoso.com"));
        Assert.Empty(Acme.Bench.Solver.Published);
        Assert.All(Acme.Bench.Orders().Single().Challenges, c => Assert.Null(c.PublishedBy));
        Assert.Equal(OrderStatus.Saved, (await Acme.Bench.CompleteAsync(Acme.Bench.Orders().Single())).Status);
    }

    [Fact]
    public async Task A_proof_that_cannot_be_taken_away_while_the_certificate_comes_is_kept_in_mind()
    {
        await Acme.AddAccountAsync();
        Acme.Bench.Solver.CleanUpProblem = new DeploymentException(ErrorIds.FileNotWritable, "No right.");
        await Acme.Bench.GetCertificateAsync("www.contoso.com");
        Assert.Contains(Acme.Bench.Orders().Single().Challenges, c => c.PublishedBy == "Fake");
        Acme.Bench.Solver.CleanUpProblem = null;
        await Acme.Bench.GetCertificateAsync("www.example.com");
        Assert.Empty(Acme.Bench.Solver.Published);
    }

    [Fact]
    public async Task With_an_established_account_a_certificate_costs_seven_requests_at_most()
    {
        await Acme.AddAccountAsync();
        int before = Acme.Server.CountOf(AcmeResource.Any);
        await Acme.Bench.GetCertificateAsync("www.contoso.com");
        int first = Acme.Server.CountOf(AcmeResource.Any) - before;
        await Acme.Bench.GetCertificateAsync("mail.contoso.com");
        Assert.InRange(first, 6, 7);
        Assert.Equal(6, Acme.Server.CountOf(AcmeResource.Any) - before - first); // order, authorization, challenge, order, finalize, certificate
    }

    [Fact]
    public async Task Half_of_the_nonces_refused_costs_no_order()
    {
        Acme.Server.Faults.PercentOfNoncesRefused = 50;
        await Acme.AddAccountAsync();
        for (int i = 0; i < 10; i++)
        {
            await Acme.Bench.GetCertificateAsync($"www{i}.contoso.com");
        }

        Assert.Equal(10, Acme.Server.Orders.Count(o => o.Status == "valid"));
    }

    [Fact]
    public async Task A_wildcard_and_its_apex_are_proved_by_two_values_at_one_name()
    {
        await Acme.AddAccountAsync();
        Certificate certificate = await Acme.Bench.GetCertificateAsync(AcmeBench.For("contoso.com", "*.contoso.com") with { ChallengeType = ChallengeType.Dns01 });
        Assert.Equal(2, certificate.DomainNames.Count);
        Assert.Equal(2, Assert.Single(Acme.Bench.Probe.TextRecords).Value.Count);
    }

    [Fact]
    public async Task A_name_that_is_proved_already_is_not_proved_again()
    {
        Acme.Server.Policy.ReusesAuthorizations = true;
        await Acme.AddAccountAsync();
        Certificate certificate = await Acme.Bench.GetCertificateAsync("www.contoso.com");
        int triggers = Acme.Server.Authorizations.Sum(a => a.Challenges.Sum(c => c.Triggers));
        await Acme.Bench.RenewAsync(certificate);
        Assert.Equal(triggers, Acme.Server.Authorizations.Sum(a => a.Challenges.Sum(c => c.Triggers)));
        Assert.Equal(2, Acme.Bench.Listed().Single().Version);
    }

    [Fact]
    public async Task Addresses_and_names_in_other_scripts_get_certificates()
    {
        Acme.Server.Policy.AllowsIpAddresses = true;
        await Acme.AddAccountAsync();
        Certificate address = await Acme.Bench.GetCertificateAsync(AcmeBench.For("192.0.2.7", "2001:db8::7") with { ChallengeType = ChallengeType.Http01 });
        Assert.Equal(["192.0.2.7", "2001:db8::7"], address.DomainNames.Select(n => n.Ascii).Order(StringComparer.Ordinal));
        Assert.Contains("http://[2001:db8::7]/.well-known/acme-challenge/", string.Join(" ", Acme.Bench.Probe.Files.Keys), StringComparison.Ordinal);
        Certificate name = await Acme.Bench.GetCertificateAsync("bücher.contoso.com");
        Assert.Equal("xn--bcher-kva.contoso.com", name.DomainNames.Single().Ascii);
    }

    [Theory]
    [InlineData(KeyAlgorithm.Ecdsa, 384)]
    [InlineData(KeyAlgorithm.Rsa, 2048)]
    public async Task Other_keys_get_certificates_too(KeyAlgorithm algorithm, int length)
    {
        await Acme.AddAccountAsync();
        Certificate certificate = await Acme.Bench.GetCertificateAsync(AcmeBench.For("www.contoso.com") with { KeyAlgorithm = algorithm, KeyLength = length });
        Assert.Contains(length.ToString(System.Globalization.CultureInfo.InvariantCulture), certificate.KeyDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_takes_money_gets_no_second_order_by_itself_once_it_may_have_charged()
    {
        await Acme.AddAccountAsync(authority: "SslCom");
        OrderRequest request = AcmeBench.For("www.contoso.com");
        InvalidRequestException unasked = await Assert.ThrowsAsync<InvalidRequestException>(() => Acme.Bench.PlaceAsync(request));
        Assert.Equal(ErrorIds.ChargesNotAccepted, unasked.ErrorId);
        Assert.Empty(Acme.Bench.Orders());
        CertificateOrder order = await Acme.Bench.PlaceAsync(request with { AcceptCharges = true });
        Acme.Bench.Store.Write(s => s.Orders.Update(order with { Status = OrderStatus.Failed, Step = OrderStep.Finalizing }));
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => Acme.Services.RenewChallenges.RunAsync(order.Id, null, Acme.Bench.Reporter, CancellationToken.None));
        Assert.Equal(ErrorIds.AuthorityCannot, refused.ErrorId);
        Assert.Single(Acme.Server.Orders);
    }

    [Theory]
    [InlineData("Acme")]
    [InlineData("SslCom")] // charges, and not before the certificate request
    public async Task A_failed_proof_says_why_and_fresh_challenges_come_under_the_same_order_with_the_same_key(string authority)
    {
        await Acme.AddAccountAsync(authority: authority);
        Acme.Bench.Solver.IsEnabled = true;
        Acme.Server.Validate = v => v.Identifier == "mail.contoso.com" ? "connection: nobody answers" : null;
        CertificateOrder order = await Acme.Bench.PlaceAsync(AcmeBench.For("www.contoso.com", "mail.contoso.com") with { AcceptCharges = true });
        ChallengeException failed = await Assert.ThrowsAsync<ChallengeException>(() => Acme.Bench.CompleteAsync(order));
        Assert.Contains("mail.contoso.com: nobody answers (connection)", failed.Message, StringComparison.Ordinal);
        Assert.Contains("New-KmChallenge", failed.Remedy, StringComparison.Ordinal);
        CertificateOrder stored = Acme.Bench.Order(order.Id);
        Assert.Equal((OrderStatus.Failed, ErrorIds.ChallengeFailed), (stored.Status, stored.ErrorId));
        Assert.Empty(Acme.Bench.Solver.Published);

        Acme.Server.Validate = _ => null;
        CertificateOrder again = await Acme.Services.RenewChallenges.RunAsync(order.Id, null, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal((order.Id, OrderStatus.PendingValidation, order.PrivateKeyId), (again.Id, again.Status, again.PrivateKeyId));
        Assert.NotEqual(order.AuthorityOrderId, again.AuthorityOrderId);
        Assert.Equal(OrderStatus.Saved, (await Acme.Bench.CompleteAsync(again)).Status);
        await Assert.ThrowsAsync<ConflictException>(() => Acme.Services.RenewChallenges.RunAsync(order.Id, null, Acme.Bench.Reporter, CancellationToken.None));
    }

    [Fact]
    public async Task A_server_that_takes_its_time_is_waited_for()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Pace.ValidationPolls = 4;
        Acme.Server.Pace.IssuancePolls = 6;
        Acme.Server.Pace.RetryAfter = TimeSpan.FromSeconds(3);
        Acme.Server.Pace.SaysRetryAfterAsDate = true;
        await Acme.Bench.GetCertificateAsync("www.contoso.com");
        Assert.All(Acme.Bench.Clock.Delays, d => Assert.True(d <= TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public async Task Telling_a_second_time_that_a_proof_is_published_does_no_harm()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Pace.ValidationPolls = 6;
        CertificateOrder order = await Acme.Bench.PlaceAsync("www.contoso.com");
        await Acme.Services.Challenges.PublishAsync(order.Id, new CompleteOrderOptions(), Acme.Bench.Reporter, CancellationToken.None);
        await Acme.Services.Challenges.SubmitAsync(order.Id, Acme.Bench.Reporter, CancellationToken.None);
        CertificateOrder told = await Acme.Services.Challenges.SubmitAsync(order.Id, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Contains(told.Challenges, c => c.Status == ChallengeStatus.Processing);
        Assert.Equal(OrderStatus.Saved, (await Acme.Bench.CompleteAsync(told)).Status);
        Assert.Empty(Acme.Bench.Solver.Published);
    }

    [Fact]
    public async Task An_order_that_stays_processing_is_parked_and_picked_up_later()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Pace.ParksOrders = true;
        CertificateOrder order = await Acme.Bench.PlaceAsync("www.contoso.com");
        TransportException parked = await Assert.ThrowsAsync<TransportException>(() => Acme.Bench.CompleteAsync(order));
        Assert.Equal(ErrorIds.OrderWaitTimeout, parked.ErrorId);
        Assert.Equal((OrderStatus.Processing, OrderStep.Finalized), (Acme.Bench.Order(order.Id).Status, Acme.Bench.Order(order.Id).Step));

        Acme.Server.Pace.ParksOrders = false;
        CertificateOrder synced = await Acme.Services.SyncOrder.WaitAsync(order.Id, TimeSpan.FromMinutes(1), save: true, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal(OrderStatus.Saved, synced.Status);
        Assert.Equal(1, Acme.Server.Orders.Single().Finalizations);
    }

    [Fact]
    public async Task The_preferred_chain_is_taken_where_it_is_offered()
    {
        await Acme.AddAccountAsync();
        CertificateContent other = Acme.Bench.Certificates.Parse(Acme.Server.Roots[1]);
        string name = other.Subject.Split(',').First(p => p.StartsWith("CN=", StringComparison.Ordinal)).Substring(3);
        Certificate certificate = await Acme.Bench.GetCertificateAsync(AcmeBench.For("www.contoso.com") with { PreferredChain = name });
        CertificateContent top = Acme.Bench.Certificates.Parse(Acme.Bench.Store.Read(s => s.Certificates.GetChain(certificate.Id)).Last());
        Assert.Equal(other.Subject, top.Issuer);
        await Acme.Bench.GetCertificateAsync(AcmeBench.For("mail.contoso.com") with { PreferredChain = "Nobody's Root" });
        Assert.Contains("Nobody's Root", Assert.Single(Acme.Bench.Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_is_asked_for_by_name()
    {
        Acme.Server.Policy.Profiles["shortlived"] = new AcmeProfile("Six days", TimeSpan.FromDays(6));
        await Acme.AddAccountAsync();
        Certificate certificate = await Acme.Bench.GetCertificateAsync(AcmeBench.For("www.contoso.com") with { Profile = "shortlived" });
        Assert.InRange((certificate.NotAfter - certificate.NotBefore).TotalDays, 5.9, 6.2);
        Assert.Equal("shortlived", Acme.Server.Orders.Single().Profile);
        await Acme.Bench.RenewAsync(certificate);
        Assert.All(Acme.Server.Orders, o => Assert.Equal("shortlived", o.Profile));
        InvalidRequestException unknown = await Assert.ThrowsAsync<InvalidRequestException>(() => Acme.Bench.PlaceAsync(AcmeBench.For("mail.contoso.com") with { Profile = "gold" }));
        Assert.Equal(ErrorIds.ProfileNotFound, unknown.ErrorId);
    }

    [Fact]
    public async Task A_life_that_was_asked_for_is_given()
    {
        Acme.Server.Policy.AllowsDates = true;
        await Acme.AddAccountAsync();
        Certificate certificate = await Acme.Bench.GetCertificateAsync(AcmeBench.For("www.contoso.com") with { ValidityDays = 10 });
        Assert.InRange((certificate.NotAfter - Acme.Bench.Clock.UtcNow).TotalDays, 9.9, 10.1);
    }

    [Fact]
    public async Task An_end_that_was_asked_for_is_given_and_a_renewal_lives_as_long_again()
    {
        Acme.Server.Policy.AllowsDates = true;
        await Acme.AddAccountAsync();
        DateTimeOffset end = Acme.Bench.Clock.UtcNow.AddDays(20);
        Certificate certificate = await Acme.Bench.GetCertificateAsync(AcmeBench.For("www.contoso.com") with { NotAfter = end });
        Assert.Equal(end, certificate.NotAfter);
        Acme.Bench.Clock.Advance(TimeSpan.FromDays(15));
        CertificateOrder renewal = await Acme.Bench.RenewAsync(certificate);
        Assert.Equal(end.AddDays(15), renewal.NotAfter!.Value, TimeSpan.FromMinutes(1));
        Assert.Equal(end.AddDays(15), Acme.Bench.Certificate(renewal.CertificateId!).NotAfter, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("LetsEncrypt", true)]
    [InlineData("LetsEncrypt", false)]
    public async Task An_authority_that_decides_by_itself_is_not_asked_for_a_life(string authority, bool asDate)
    {
        await Acme.AddAccountAsync(authority: authority);
        OrderRequest request = AcmeBench.For("www.contoso.com");
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(
            () => Acme.Bench.PlaceAsync(asDate ? request with { NotAfter = Acme.Bench.Clock.UtcNow.AddDays(9) } : request with { ValidityDays = 9 }));
        Assert.Equal(ErrorIds.AuthorityCannot, refused.ErrorId);
        Assert.Contains("-NotAfter", refused.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_gives_up_the_open_proofs()
    {
        await Acme.AddAccountAsync();
        CertificateOrder order = await Acme.Bench.PlaceAsync("www.contoso.com");
        CertificateOrder cancelled = await Acme.Services.CancelOrder.RunAsync(order.Id, null, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal(OrderStatus.Cancelled, cancelled.Status);
        Assert.Equal("deactivated", Assert.Single(Acme.Server.Authorizations).Status);
    }

    [Fact]
    public async Task Revoking_reaches_the_authority_with_its_reason()
    {
        await Acme.AddAccountAsync();
        Certificate certificate = await Acme.Bench.GetCertificateAsync("www.contoso.com");
        Certificate revoked = await Acme.Services.RevokeCertificate.RunAsync(certificate.Id, RevocationReason.Superseded, null, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal(CertificateStatus.Revoked, revoked.Status);
        ServedCertificate served = Assert.Single(Acme.Server.Certificates);
        Assert.Equal((true, 4), (served.IsRevoked, served.RevocationReason));
    }

    [Fact]
    public async Task A_certificate_of_another_account_is_revoked_with_its_own_key()
    {
        await Acme.AddAccountAsync("first");
        Certificate certificate = await Acme.Bench.GetCertificateAsync("www.contoso.com");
        AuthorityAccount second = await Acme.AddAccountAsync("second");
        Certificate moved = certificate with { Account = second.Name };
        Acme.Bench.Store.Write(s =>
        {
            s.Certificates.Update(moved);
            return true;
        });
        await Acme.Services.RevokeCertificate.RunAsync(certificate.Id, RevocationReason.KeyCompromise, null, Acme.Bench.Reporter, CancellationToken.None);
        Assert.True(Acme.Server.Certificates.Single().IsRevoked);
    }

    [Fact]
    public async Task What_a_server_need_not_send_is_not_missed()
    {
        ServerOddities odd = Acme.Server.Oddities;
        odd.OmitsExpires = odd.OmitsFinalizeLocation = odd.RelativeUrls = odd.EmptyAccountBody = odd.StrangeDirectoryEntries = odd.NoNonceInErrors = odd.WindowsLineEnds = true;
        Acme.Server.Faults.PercentOfNoncesRefused = 20;
        await Acme.AddAccountAsync();
        await Acme.Bench.GetCertificateAsync("www.contoso.com", "mail.contoso.com");
    }

    [Fact]
    public async Task Challenges_of_unknown_kinds_are_passed_over()
    {
        Acme.Server.Policy.ChallengeTypes.Add("device-attest-77");
        await Acme.AddAccountAsync();
        CertificateOrder order = await Acme.Bench.PlaceAsync("www.contoso.com");
        Assert.DoesNotContain(order.Challenges, c => c.Type.ToString().Contains("Attest", StringComparison.Ordinal));
        await Acme.Bench.CompleteAsync(order);
    }

    [Theory]
    [InlineData(CertificateFault.OtherNames, ErrorIds.CertificateWrong)]
    [InlineData(CertificateFault.MissingName, ErrorIds.CertificateWrong)]
    [InlineData(CertificateFault.OtherKey, ErrorIds.KeyMismatch)]
    [InlineData(CertificateFault.Expired, ErrorIds.CertificateWrong)]
    [InlineData(CertificateFault.NotYetValid, ErrorIds.CertificateWrong)]
    [InlineData(CertificateFault.WrongSignature, ErrorIds.CertificateWrong)]
    public async Task A_certificate_that_was_not_ordered_is_not_taken(CertificateFault fault, string errorId)
    {
        await Acme.AddAccountAsync();
        Acme.Server.Oddities.Certificate = fault;
        CertificateOrder order = await Acme.Bench.PlaceAsync("www.contoso.com", "mail.contoso.com");
        KeyMaterialException wrong = await Assert.ThrowsAsync<KeyMaterialException>(() => Acme.Bench.CompleteAsync(order));
        Assert.Equal(errorId, wrong.ErrorId);
        Assert.Empty(Acme.Bench.Listed());
    }

    [Fact]
    public async Task A_Buypass_like_server_runs_all_flows_and_its_limits_are_known_beforehand()
    {
        Acme.Server.Policy = ServerPolicy.BuypassShaped();
        AuthorityAccount account = await Acme.AddAccountAsync("go", "Buypass");
        Certificate certificate = await Acme.Bench.GetCertificateAsync(AcmeBench.For("a.contoso.com", "b.contoso.com", "c.contoso.com", "d.contoso.com", "e.contoso.com") with { KeyAlgorithm = KeyAlgorithm.Rsa });
        Assert.InRange((certificate.NotAfter - certificate.NotBefore).TotalDays, 179, 181);
        await Acme.Bench.RenewAsync(certificate);
        foreach (OrderRequest impossible in new[] { AcmeBench.For("*.contoso.com"), AcmeBench.For("www.contoso.com") with { KeyAlgorithm = KeyAlgorithm.Ecdsa, KeyLength = 521 }, AcmeBench.For("a.x.com", "b.x.com", "c.x.com", "d.x.com", "e.x.com", "f.x.com") })
        {
            InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => Acme.Bench.PlaceAsync(impossible));
            Assert.Equal(ErrorIds.AuthorityCannot, refused.ErrorId);
        }

        await Acme.Services.RevokeCertificate.RunAsync(Acme.Bench.Listed().Single().Id, RevocationReason.Unspecified, null, Acme.Bench.Reporter, CancellationToken.None);
        Assert.Equal(AccountStatus.Deactivated, (await Acme.Services.ChangeAccount.DeactivateAsync(account.Id, Acme.Bench.Reporter, CancellationToken.None)).Status);
        Assert.Equal("deactivated", Acme.Server.Accounts.Single().Status);
    }

    [Fact]
    public async Task A_retired_authority_says_since_when_and_who_could()
    {
        AuthorityAccount old = await Acme.AddAccountAsync("go", "Buypass");
        Acme.Bench.Store.Write(s =>
        {
            s.Accounts.Update(old with { Settings = new Dictionary<string, string>() });
            return true;
        });
        InvalidRequestException retired = await Assert.ThrowsAsync<InvalidRequestException>(() => Acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal(ErrorIds.AuthorityRetired, retired.ErrorId);
        Assert.Contains("2025-10-31", retired.Message, StringComparison.Ordinal);
        Assert.Contains("LetsEncrypt", retired.Remedy, StringComparison.Ordinal);
        InvalidRequestException fresh = await Assert.ThrowsAsync<InvalidRequestException>(() => Acme.RegisterAsync(Acme.Request("new") with { Settings = new Dictionary<string, string>() }, "Buypass"));
        Assert.Equal(ErrorIds.AuthorityRetired, fresh.ErrorId);
    }
}
