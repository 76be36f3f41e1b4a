using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support.EmSign;
using KeyManager.Tests.Support.SslStore;
using Newtonsoft.Json.Linq;
using Xunit;

namespace KeyManager.Tests.EmSign;

/// <summary>Orders from what is sent to the saved certificate.</summary>
public sealed class EmSignOrderTests : EmSignTests
{
    [Fact]
    public async Task An_order_is_sent_whole_proved_by_a_TXT_record_and_saved()
    {
        await EmSign.AddAccountAsync();
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("www.contoso.com") with { Comment = "for the shop", ValidityMonths = 24 });
        Assert.Equal((OrderStatus.PendingValidation, OrderStep.Placed), (order.Status, order.Step));
        Challenge challenge = Assert.Single(order.Challenges);
        Assert.Equal((ChallengeType.DnsTxt, "_emsign-validation.www.contoso.com"), (challenge.Type, challenge.Location));
        Assert.Contains($"Invoke-KmChallenge {order.Id}", order.NextStep, StringComparison.Ordinal);
        Assert.Equal(EmSign.Bench.Clock.UtcNow.AddMonths(24), order.PaidUntil);

        CertificateOrder saved = await EmSign.CompleteAsync(order);
        Assert.Equal((OrderStatus.Saved, null), (saved.Status, saved.NextStep));
        Assert.Empty(EmSign.Bench.Solver.Published);
        Assert.Equal("www.contoso.com", Assert.Single(EmSign.Bench.Listed()).Name);

        JObject sent = EmSign.Sent("GenerateOrderSSL");
        Assert.StartsWith("-----BEGIN CERTIFICATE REQUEST-----", (string)sent["csr"]!, StringComparison.Ordinal);
        sent["csr"] = "...";
        JObject expected = JObject.Parse($$"""
            {
              "productCode": "842", "accountingModel": "2", "saveAndHold": "0", "emailNotifications": "0",
              "requestorInformation": { "requestorName": "Ada Berg", "requestorIsdCode": "49", "requestorMobileNumber": "301234", "requestorEmail": "ops@contoso.com" },
              "certificateInformation": { "domainName": "www.contoso.com", "autoSecureWWW": "0" },
              "subscriptionDetails": { "validity": "2", "autoRenew": "0", "renewCriteria": "30" },
              "csr": "...",
              "delegationInformation": { "groupNumber": "2345678901" },
              "agreementDetails": { "acceptAgreement": "1", "signerName": "Ada Berg", "signerPlace": "Berlin", "signerIP": "203.0.113.10" },
              "technicalPointOfContact": { "tpcName": "Ada Berg", "tpcEmail": "ops@contoso.com", "tpcIsdCode": "49", "tpcMobileNumber": "301234" },
              "additionalInformation": { "remarks": "for the shop", "tags": [ "KeyManager:{{order.Id}}" ] }
            }
            """);
        Assert.True(JToken.DeepEquals(expected, sent), sent.ToString());
        Assert.Single(EmSign.Server.Ledger);
    }

    [Fact]
    public async Task Where_documents_contradict_each_other_a_setting_decides()
    {
        await EmSign.AddAccountAsync(
            ("GroupPlace", "Order"), ("TechnicalContactForm", "Poc"), ("MoreNamesMember", "additionalDomainNames"), ("AccountingModel", "1"), ("EmailNotifications", "1"), ("RenewByAuthority", "60"),
            ("ReferenceTag", "No"), ("TxtRecordName", "_emudhra-challenge.{domain}"), ("Group", "2345678902"));
        EmSign.Server.RecordName = "_emudhra-challenge.{0}";
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("a.contoso.com", "b.contoso.com") with { Product = "844" });
        Assert.Equal(["_emudhra-challenge.a.contoso.com", "_emudhra-challenge.b.contoso.com"], order.Challenges.Select(c => c.Location));
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(order)).Status);
        JObject sent = EmSign.Sent("GenerateOrderSSL");
        Assert.Equal(("2345678902", null), ((string?)sent["groupNumber"], sent["delegationInformation"]));
        Assert.Equal(("1", "1"), ((string?)sent["accountingModel"], (string?)sent["emailNotifications"]));
        Assert.Equal("Ada Berg", (string?)sent["additionalInformation"]!["technicalPointOfContact"]!["pocName"]);
        Assert.Equal(["b.contoso.com"], sent["certificateInformation"]!["additionalDomainNames"]!.Select(n => (string)n!));
        Assert.Equal(("1", "60"), ((string?)sent["subscriptionDetails"]!["autoRenew"], (string?)sent["subscriptionDetails"]!["renewCriteria"]));
        Assert.Null(sent["additionalInformation"]!["tags"]);
    }

    [Fact]
    public async Task An_organization_that_emSign_has_validated_is_named_by_its_number_and_nothing_is_signed()
    {
        await EmSign.AddAccountAsync(("SignerPlace", ""), ("SignerAddress", ""));
        Certificate certificate = await EmSign.GetCertificateAsync(EmSignBench.For("www.contoso.com") with { Product = "emSign OV SSL", Organization = "contoso gmbh" });
        Assert.Equal("www.contoso.com", certificate.Name);
        JObject sent = EmSign.Sent("GenerateOrderSSL");
        Assert.Equal("""{"preVetting":"1","organizationNumber":"7654321","prevettingToken":"token-7654321","representativeNumber":"31"}""", sent["organizationDetails"]!.ToString(Newtonsoft.Json.Formatting.None));
        Assert.Null(sent["agreementDetails"]);
        Assert.Equal(EmSignServer.Group, (string?)sent["delegationInformation"]!["groupNumber"]);
        await RefusesAsync<InvalidRequestException>(ErrorIds.OrganizationRequired, "organization", () => EmSign.PlaceAsync(EmSignBench.For("b.contoso.com") with { Product = "846" }));
        await RefusesAsync<NotFoundException>(ErrorIds.OrganizationNotFound, "nobody", () => EmSign.PlaceAsync(EmSignBench.For("b.contoso.com") with { Product = "846", Organization = "nobody" }));
    }

    [Fact]
    public async Task A_new_organization_is_described_and_waits_for_people()
    {
        await EmSign.AddAccountAsync();
        _ = EmSign.Services.Presets.Add(SslStoreBench.SomeOrganization("own"));
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("www.contoso.com") with { Product = "846", Organization = "own", Subject = new SubjectName { OrganizationalUnits = ["Web"] } });
        JObject certificate = (JObject)EmSign.Sent("GenerateOrderSSL")["certificateInformation"]!;
        Assert.Equal(("Contoso GmbH", "Web", "DE", "Berlin"), ((string?)certificate["organizationName"], (string?)certificate["organizationUnit"], (string?)certificate["countryCode"], (string?)certificate["locality"]));
        await RefusesAsync<TransportException>(ErrorIds.OrderWaitTimeout, "", () => EmSign.CompleteAsync(order, TimeSpan.FromMinutes(1)));
        order = EmSign.Bench.Order(order.Id);
        Assert.Equal(OrderStatus.Processing, order.Status);
        Assert.Contains("validates the organization", order.NextStep, StringComparison.Ordinal);
        Assert.Empty(EmSign.Bench.Solver.Published);

        EmSign.Server.Orders.Single().NeedsVetting = false;
        Assert.Equal(OrderStatus.Saved, (await EmSign.SyncAsync(order)).Status);
        await RefusesAsync<InvalidRequestException>(ErrorIds.DetailsMissing, "EV", () => EmSign.PlaceAsync(EmSignBench.For("b.contoso.com") with { Product = "850", Organization = "own" }));
    }

    [Fact]
    public async Task The_www_twin_is_added_secured_and_proved()
    {
        await EmSign.AddAccountAsync();
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("contoso.com") with { IncludeWww = true });
        Assert.Equal(["contoso.com", "www.contoso.com"], order.DomainNames.Select(n => n.Ascii));
        Assert.Equal("1", (string?)EmSign.Sent("GenerateOrderSSL")["certificateInformation"]!["autoSecureWWW"]);
        Assert.Equal(2, order.Challenges.Count);
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(order)).Status);
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "EMS-1106", () => EmSign.PlaceAsync(EmSignBench.For("b.com") with { IncludeWww = true, ChallengeType = ChallengeType.HttpFile }));
        await RefusesAsync<InvalidRequestException>(ErrorIds.InvalidParameter, "-IncludeWww", () => EmSign.PlaceAsync(EmSignBench.For("*.b.com") with { IncludeWww = true, Product = "843" }));
        await RefusesAsync<InvalidRequestException>(ErrorIds.ProductUnsuitable, "one name", () => EmSign.PlaceAsync(EmSignBench.For("a.com", "b.com")));
    }

    [Theory]
    [InlineData(ChallengeType.HttpFile, "http://www.contoso.com/.well-known/pki-validation/")]
    [InlineData(ChallengeType.HttpsFile, "https://www.contoso.com/.well-known/pki-validation/")]
    public async Task A_file_proves_a_name(ChallengeType type, string place)
    {
        await EmSign.AddAccountAsync();
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("www.contoso.com") with { ChallengeType = type });
        Assert.StartsWith(place, order.Challenges.Single().Location, StringComparison.Ordinal);
        Assert.EndsWith(".txt", order.Challenges.Single().Location, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(order)).Status);
    }

    [Fact]
    public async Task A_mail_is_sent_once_and_again_when_asked_for()
    {
        await EmSign.AddAccountAsync();
        OrderRequest request = EmSignBench.For("www.contoso.com") with { ChallengeType = ChallengeType.Email, ApproverEmails = ["hostmaster@contoso.com"] };
        CertificateOrder order = await EmSign.PlaceAsync(request);
        Assert.Equal("hostmaster@contoso.com", order.Challenges.Single().Location);
        await RefusesAsync<TransportException>(ErrorIds.OrderWaitTimeout, "", () => EmSign.CompleteAsync(order, TimeSpan.FromMinutes(1)));
        await RefusesAsync<TransportException>(ErrorIds.OrderWaitTimeout, "", () => EmSign.CompleteAsync(order, TimeSpan.FromMinutes(1)));
        EmSignDomain domain = EmSign.Server.Orders.Single().Domains.Single();
        Assert.Equal(["hostmaster@contoso.com"], domain.Mails);
        Assert.Contains("hostmaster@contoso.com", EmSign.Bench.Order(order.Id).NextStep, StringComparison.Ordinal);
        await EmSign.Services.Approvers.SendAsync(order.Id, null, null, EmSign.Bench.Reporter, CancellationToken.None);
        await EmSign.Services.Approvers.SendAsync(order.Id, null, "admin@contoso.com", EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Equal(["hostmaster@contoso.com", "hostmaster@contoso.com", "admin@contoso.com"], domain.Mails);
        EmSign.Server.AnswerMails();
        Assert.Equal(OrderStatus.Saved, (await EmSign.SyncAsync(order)).Status);
        await RefusesAsync<InvalidRequestException>(ErrorIds.ApproverNotOffered, "nobody@elsewhere.com", () => EmSign.PlaceAsync(request with { DomainNames = [DomainName.Parse("b.contoso.com")], ApproverEmails = ["nobody@elsewhere.com"] }));
    }

    [Fact]
    public async Task A_wildcard_and_several_names_are_proved_each()
    {
        await EmSign.AddAccountAsync();
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(await EmSign.PlaceAsync(EmSignBench.For("*.contoso.com") with { Product = "843" }))).Status);
        Certificate many = await EmSign.GetCertificateAsync(EmSignBench.For("a.contoso.com", "b.contoso.com", "c.contoso.com") with { Product = "844" });
        Assert.Equal(3, many.DomainNames.Count);
    }

    [Fact]
    public async Task A_domain_that_was_proved_beforehand_needs_no_proof()
    {
        await EmSign.AddAccountAsync();
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(await EmSign.PlaceAsync(EmSignBench.For("proved.contoso.com")))).Status);
        Assert.Equal(0, EmSign.Bench.Solver.Presented);
        Assert.DoesNotContain("GetDcv", EmSign.Server.Calls);
    }

    [Fact]
    public async Task What_emSign_does_not_see_it_is_told_again_by_the_next_question()
    {
        await EmSign.AddAccountAsync();
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("a.contoso.com", "b.contoso.com") with { Product = "844" });
        IProofWorld world = EmSign.Server.World;
        EmSign.Server.World = new EmptyWorld();
        await RefusesAsync<TransportException>(ErrorIds.OrderWaitTimeout, "", () => EmSign.CompleteAsync(order, TimeSpan.FromMinutes(2)));
        order = EmSign.Bench.Order(order.Id);
        Assert.Contains("no valid TXT record (EMS-1077)", order.ErrorDetail, StringComparison.Ordinal);
        Assert.Equal(2, EmSign.Bench.Solver.Published.Count); // stays until it was seen
        Assert.Equal(2, EmSign.Server.Calls.Count(c => c == "GetDcv"));

        EmSign.Server.World = world;
        order = await EmSign.SyncAsync(order);
        order = order.Status == OrderStatus.Saved ? order : await EmSign.SyncAsync(order);
        Assert.Equal(OrderStatus.Saved, order.Status);
        Assert.Empty(EmSign.Bench.Solver.Published);
    }

    [Fact]
    public async Task Names_and_proofs_that_come_later_are_waited_for()
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.HiddenDomains = 3;
        EmSign.Server.NotReady = 2;
        EmSign.Server.EmptyDownloads = 2;
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(await EmSign.PlaceAsync(EmSignBench.For("www.contoso.com")))).Status);
    }

    [Fact]
    public async Task A_request_and_a_signature_that_emSign_lacks_are_given_by_the_next_command()
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.DropsRequests = EmSign.Server.DropsSignatures = true;
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("www.contoso.com"));
        Assert.StartsWith("Send the certificate request: Invoke-KmChallenge", order.NextStep, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Saved, (await EmSign.CompleteAsync(order)).Status);
        Assert.Equal(1, EmSign.Server.Calls.Count(c => c == "SubmitCSR"));
        Assert.Equal(1, EmSign.Server.Calls.Count(c => c == "AgreementAcceptance"));
    }

    [Theory]
    [InlineData(3, "wants corrections or documents")]
    [InlineData(2, "has to approve it")]
    public async Task What_people_at_emSign_have_to_do_is_the_next_step(int status, string step)
    {
        await EmSign.AddAccountAsync();
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("proved.contoso.com"));
        EmSignSold sold = EmSign.Server.Orders.Single();
        sold.Certificates.Clear();
        sold.Waiting = status;
        order = await EmSign.SyncAsync(order);
        Assert.Equal(OrderStatus.Processing, order.Status);
        Assert.Contains(step, order.NextStep, StringComparison.Ordinal);
        sold.Waiting = 24;
        Assert.Equal(OrderStatus.Saved, (await EmSign.SyncAsync(order)).Status);
    }

    [Fact]
    public async Task A_CAA_record_that_forbids_is_the_next_step()
    {
        await EmSign.AddAccountAsync();
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("www.contoso.com"));
        EmSign.Server.Orders.Single().Domains.Single().Caa = 2;
        await RefusesAsync<TransportException>(ErrorIds.OrderWaitTimeout, "", () => EmSign.CompleteAsync(order, TimeSpan.FromMinutes(1)));
        Assert.Contains("CAA record of www.contoso.com", EmSign.Bench.Order(order.Id).NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interim_certificate_is_left_alone()
    {
        await EmSign.AddAccountAsync();
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("proved.contoso.com"));
        EmSignSold sold = EmSign.Server.Orders.Single();
        sold.IsInterim = true;
        order = await EmSign.SyncAsync(order);
        Assert.Equal((OrderStatus.Processing, 0), (order.Status, EmSign.Bench.Listed().Count));
        sold.IsInterim = false;
        Assert.Equal(OrderStatus.Saved, (await EmSign.SyncAsync(order)).Status);
    }

    [Theory]
    [InlineData("certificateSerialNumber")]
    [InlineData("ceritficateSerialNumber")]
    [InlineData("none")]
    public async Task The_serial_number_may_be_called_as_it_likes(string member)
    {
        await EmSign.AddAccountAsync();
        EmSign.Server.SerialMember = member;
        Assert.NotNull(await EmSign.GetCertificateAsync(EmSignBench.For("www.contoso.com")));
    }

    [Fact]
    public async Task Without_consent_to_charges_nothing_is_ordered()
    {
        await EmSign.AddAccountAsync();
        await RefusesAsync<InvalidRequestException>(ErrorIds.ChargesNotAccepted, "30.00 USD", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com") with { AcceptCharges = false }));
        Assert.Empty(EmSign.Server.Ledger);
    }

    [Fact]
    public async Task What_emSign_has_no_use_for_is_refused_with_who_has()
    {
        await EmSign.AddAccountAsync();
        InvalidRequestException error = await RefusesAsync<InvalidRequestException>(
            ErrorIds.AuthorityCannot, "-ServerCount", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com") with { ServerCount = 2 }));
        Assert.DoesNotContain("EmSign", error.Remedy, StringComparison.Ordinal);
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "-NotAfter", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com") with { NotAfter = EmSign.Bench.Clock.UtcNow.AddDays(20) }));
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "RSA 8192", () => EmSign.PlaceAsync(EmSignBench.For("www.contoso.com") with { KeyAlgorithm = KeyAlgorithm.Rsa, KeyLength = 8192 }));
    }

    [Fact]
    public async Task With_AutoRenew_a_certificate_is_renewed_by_itself_until_the_subscription_ends()
    {
        await EmSign.AddAccountAsync();
        Certificate first = await EmSign.GetCertificateAsync(EmSignBench.For("www.contoso.com") with { ValidityMonths = 24, AutoRenew = true, DaysBeforeExpiry = 20 });
        DateTimeOffset end = EmSign.Bench.Order(first.OrderId!).PaidUntil!.Value;
        int renewed = 0;
        while (EmSign.Bench.Listed().Single().NotAfter < end.AddDays(-5))
        {
            Certificate current = EmSign.Bench.Listed().Single();
            EmSign.Bench.Clock.Advance(current.NotAfter.AddDays(-18) - EmSign.Bench.Clock.UtcNow);
            RenewalResult result = Assert.Single(await EmSign.Bench.SweepAsync(force: true));
            Assert.Equal((RenewalOutcome.Renewed, end), (result.Outcome, EmSign.Bench.Order(result.OrderId!).PaidUntil));
            Assert.Contains("its order asks for it", result.Reason, StringComparison.Ordinal);
            Assert.InRange(++renewed, 1, 10);
        }

        EmSign.Bench.Clock.Advance(EmSign.Bench.Listed().Single().NotAfter.AddDays(-18) - EmSign.Bench.Clock.UtcNow);
        RenewalResult over = Assert.Single(await EmSign.Bench.SweepAsync(force: true));
        Assert.Equal((RenewalOutcome.Failed, ErrorIds.ChargesNotAccepted), (over.Outcome, over.ErrorId));
        Assert.Equal(renewed + 1, EmSign.Server.Ledger.Count);
    }

    [Fact]
    public async Task What_is_proved_by_mail_is_a_problem_for_its_renewal_from_2028_on()
    {
        await EmSign.AddAccountAsync();
        Certificate certificate = await EmSign.GetCertificateAsync(EmSignBench.For("www.contoso.com"));
        CertificateOrder order = EmSign.Bench.Order(certificate.OrderId!);
        EmSign.Bench.Store.Write(s => s.Orders.Update(order with { ChallengeType = ChallengeType.Email, ApproverEmails = ["admin@contoso.com"] }));
        IReadOnlyList<RenewalTest> found = await EmSign.Services.ExplainRenewal.RunAsync(certificate.Id, "None", null, EmSign.Bench.Reporter, CancellationToken.None);
        RenewalTest proof = Assert.Single(found, t => t.Subject == "Proof");
        Assert.Equal(KeyManager.Challenges.PreflightSeverity.Warning, proof.Severity);
        Assert.Contains("2028-03-15", proof.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Within_the_subscription_a_renewal_is_another_order_that_ends_with_it()
    {
        await EmSign.AddAccountAsync();
        Certificate first = await EmSign.GetCertificateAsync(EmSignBench.For("www.contoso.com") with { ValidityMonths = 24 });
        DateTimeOffset end = EmSign.Bench.Order(first.OrderId!).PaidUntil!.Value;
        EmSign.Bench.Clock.Advance(TimeSpan.FromDays(180));
        CertificateOrder renewal = await EmSign.Services.RenewCertificate.RunAsync(first.Id, new CompleteOrderOptions { AcceptCharges = true }, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Equal((OrderStatus.Saved, end, 24), (renewal.Status, renewal.PaidUntil, renewal.ValidityMonths));
        Assert.Equal(2, EmSign.Bench.Listed().Single().Version);

        EmSign.Bench.Clock.Advance(TimeSpan.FromDays(200));
        renewal = await EmSign.Services.RenewCertificate.RunAsync(EmSign.Bench.Listed().Single().Id, new CompleteOrderOptions { AcceptCharges = true }, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Equal((end, 12), (renewal.PaidUntil, renewal.ValidityMonths)); // one year covers the rest

        EmSign.Bench.Clock.Advance(TimeSpan.FromDays(360));
        await RefusesAsync<InvalidRequestException>(
            ErrorIds.ChargesNotAccepted, "costs", () => EmSign.Services.RenewCertificate.RunAsync(EmSign.Bench.Listed().Single().Id, new CompleteOrderOptions(), EmSign.Bench.Reporter, CancellationToken.None));
        renewal = await EmSign.Services.RenewCertificate.RunAsync(EmSign.Bench.Listed().Single().Id, new CompleteOrderOptions { AcceptCharges = true }, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.True(renewal.PaidUntil > end);
        Assert.Equal(4, EmSign.Server.Ledger.Count);
    }

    [Fact]
    public async Task An_order_is_cancelled_also_twice_and_not_once_it_is_issued()
    {
        await EmSign.AddAccountAsync();
        CertificateOrder order = await EmSign.PlaceAsync(EmSignBench.For("www.contoso.com"));
        EmSign.Server.Orders.Single().Ended = 13; // somebody did it in the portal
        order = await EmSign.Services.CancelOrder.RunAsync(order.Id, "no; not needed", EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Equal(OrderStatus.Cancelled, order.Status);
        Assert.Equal("no, not needed", (string?)EmSign.Sent("RejectOrder")["rejectRemarks"]);

        CertificateOrder issued = await EmSign.PlaceAsync(EmSignBench.For("proved.contoso.com"));
        await RefusesAsync<AuthorityException>(ErrorIds.OrderStateInvalid, "generated already", () => EmSign.Services.CancelOrder.RunAsync(issued.Id, null, EmSign.Bench.Reporter, CancellationToken.None));
        Assert.Equal(OrderStatus.Saved, (await EmSign.SyncAsync(issued)).Status);
    }

    [Theory]
    [InlineData(RevocationReason.KeyCompromise, "1")]
    [InlineData(RevocationReason.AffiliationChanged, "3")]
    [InlineData(RevocationReason.Superseded, "4")]
    [InlineData(RevocationReason.CessationOfOperation, "5")]
    public async Task A_certificate_is_revoked_with_one_of_the_reasons_that_are_taken(RevocationReason reason, string number)
    {
        await EmSign.AddAccountAsync();
        Certificate certificate = await EmSign.GetCertificateAsync(EmSignBench.For("www.contoso.com"));
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "reason", () => EmSign.Services.RevokeCertificate.RunAsync(certificate.Id, RevocationReason.Unspecified, null, EmSign.Bench.Reporter, CancellationToken.None));
        certificate = await EmSign.Services.RevokeCertificate.RunAsync(certificate.Id, reason, "a; b", EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Equal(CertificateStatus.Revoked, certificate.Status);
        Assert.Equal((number, "a, b"), ((string?)EmSign.Sent("RevokeOrder")["revokeReasonId"], (string?)EmSign.Sent("RevokeOrder")["revokeRemarks"]));
        Assert.Equal(OrderStatus.Revoked, EmSign.Bench.Order(certificate.OrderId!).Status);
    }

    [Fact]
    public async Task A_revocation_that_takes_its_time_is_told_and_one_that_is_rejected_is_an_error()
    {
        await EmSign.AddAccountAsync();
        Certificate one = await EmSign.GetCertificateAsync(EmSignBench.For("a.contoso.com"));
        Certificate other = await EmSign.GetCertificateAsync(EmSignBench.For("b.contoso.com"));
        EmSign.Server.FirstRevokeStatus = 1;
        _ = await EmSign.Services.RevokeCertificate.RunAsync(one.Id, RevocationReason.Superseded, null, EmSign.Bench.Reporter, CancellationToken.None);
        Assert.Contains(EmSign.Bench.Reporter.Warnings, w => w.Contains("does it in a while", StringComparison.Ordinal));
        EmSign.Server.FirstRevokeStatus = 3;
        await RefusesAsync<AuthorityException>(ErrorIds.AuthorityRejected, "rejected the revocation", () => EmSign.Services.RevokeCertificate.RunAsync(other.Id, RevocationReason.Superseded, null, EmSign.Bench.Reporter, CancellationToken.None));
        Assert.Equal(CertificateStatus.Valid, EmSign.Bench.Certificate(other.Id).Status);
    }

    [Fact]
    public async Task A_deleted_order_leaves_its_certificate_and_comes_back_by_import()
    {
        await EmSign.AddAccountAsync();
        Certificate certificate = await EmSign.GetCertificateAsync(EmSignBench.For("www.contoso.com"));
        EmSign.Services.RemoveOrder.Run(certificate.OrderId!, EmSign.Bench.Reporter);
        Assert.Empty(EmSign.Bench.Orders());
        Assert.Single(EmSign.Bench.Listed());
        Assert.Single(EmSign.Server.Orders);
        IReadOnlyList<CertificateOrder> back = await EmSign.ImportAsync();
        Assert.Equal((OrderOrigin.Imported, certificate.Id), (back.Single().Origin, back.Single().CertificateId));
    }

    private sealed class EmptyWorld : IProofWorld
    {
        public byte[]? Fetch(string url) => null;

        public string? Alias(string name) => null;

        public IReadOnlyList<string> Texts(string name) => [];
    }
}
