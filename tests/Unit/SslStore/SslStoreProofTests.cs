using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Authorities;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using KeyManager.Tests.Support.Acme;
using KeyManager.Tests.Support.SslStore;
using Xunit;

namespace KeyManager.Tests.SslStore;

public sealed class SslStoreProofTests : SslStoreTests
{
    [Theory]
    [InlineData(ChallengeType.DnsCname)]
    [InlineData(ChallengeType.HttpFile)]
    [InlineData(ChallengeType.HttpsFile)]
    public async Task Control_is_proved_by_record_and_file(ChallengeType type)
    {
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com") with { ChallengeType = type });
        Challenge challenge = Assert.Single(order.Challenges);
        Assert.Equal((type, ChallengeStatus.Processing), (challenge.Type, challenge.Status));
        Assert.Equal(OrderStatus.Saved, (await Store.CompleteAsync(order)).Status);
    }

    [Fact]
    public async Task A_value_without_a_dot_is_a_text_record_and_digicert_is_asked_to_look()
    {
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com") with { Product = "digi_rapidssl" });
        Assert.Equal((ChallengeType.DnsTxt, "_dnsauth.www.contoso.com"), (order.Challenges.Single().Type, order.Challenges.Single().Location));
        Store.Server.Fail("digicert/checkdcv", new SslStoreFault(Error: "not today"));
        Assert.Equal(OrderStatus.Saved, (await Store.CompleteAsync(order)).Status);
        Assert.Contains("digicert/checkdcv", Store.Server.Calls);
    }

    [Fact]
    public async Task The_same_record_told_twice_in_another_letter_case_is_published_once()
    {
        Store.Server.Manners.ShoutsRecordNames = true;
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"));
        Assert.Single(order.Challenges);
        await Store.CompleteAsync(order);
        Assert.Equal(1, Store.Bench.Solver.Presented);
    }

    [Fact]
    public async Task Of_several_names_only_those_are_published_that_are_not_proved()
    {
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("a.contoso.com", "b.contoso.com", "c.contoso.com") with { Product = "positivemdcssl" });
        Store.Server.Orders.Single().Proofs[1].IsDone = true;
        order = await Store.SyncAsync(order);
        Assert.Equal(["Processing", "Valid", "Processing"], order.Challenges.Select(c => c.Status.ToString()));
        await Store.CompleteAsync(order);
        Assert.Equal(2, Store.Bench.Solver.Presented);
    }

    [Fact]
    public async Task What_is_published_stays_while_the_api_has_not_looked_and_goes_when_it_has()
    {
        await Store.AddAccountAsync();
        Store.Server.World = new NetworkWorld(0, null);
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"));
        await RefusesAsync<TransportException>(ErrorIds.OrderWaitTimeout, "Pending", () => Store.CompleteAsync(order));
        Assert.Single(Store.Bench.Solver.Published);
        Assert.Equal("Fake", Store.Bench.Order(order.Id).Challenges.Single().PublishedBy);

        Store.Server.World = new PublishedWorld(Store.Bench.Solver);
        Assert.Equal(OrderStatus.Saved, (await Store.SyncAsync(order)).Status);
        Assert.Empty(Store.Bench.Solver.Published);
        Assert.Null(Store.Bench.Order(order.Id).Challenges.Single().PublishedBy);
    }

    [Fact]
    public async Task A_proof_that_could_not_be_published_is_taken_away()
    {
        await Store.AddAccountAsync();
        Store.Bench.Solver.PresentProblem = new ChallengeException(ErrorIds.ChallengeNotPublished, "no");
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com"));
        await Assert.ThrowsAsync<ChallengeException>(() => Store.CompleteAsync(order));
        Assert.Empty(Store.Bench.Solver.Published);
    }

    [Fact]
    public async Task A_mail_is_answered_by_somebody_else_and_can_be_sent_again_and_elsewhere()
    {
        await Store.AddAccountAsync();
        CertificateOrder order = await Store.PlaceAsync(SslStoreBench.For("www.contoso.com") with { ApproverEmails = ["admin@contoso.com"] });
        Assert.Equal((ChallengeType.Email, "admin@contoso.com"), (order.Challenges.Single().Type, order.Challenges.Single().Location));
        Assert.Contains(Store.Bench.Reporter.Warnings, x => x.Contains("2028-03-15", StringComparison.Ordinal));
        await Store.Services.Approvers.SendAsync(order.Id, null, null, Store.Bench.Reporter, CancellationToken.None);
        await RefusesAsync<InvalidRequestException>(
            ErrorIds.ApproverNotOffered, "ceo@contoso.com", () => Store.Services.Approvers.SendAsync(order.Id, null, "ceo@contoso.com", Store.Bench.Reporter, CancellationToken.None));
        order = await Store.Services.Approvers.SendAsync(order.Id, null, "hostmaster@contoso.com", Store.Bench.Reporter, CancellationToken.None);
        Assert.Equal("hostmaster@contoso.com", order.Challenges.Single().Location);
        Assert.Equal("hostmaster@contoso.com", Store.Server.Orders.Single().Approvers.Single());

        await RefusesAsync<TransportException>(ErrorIds.OrderWaitTimeout, "Pending", () => Store.CompleteAsync(order));
        Assert.Contains(Store.Bench.Reporter.Warnings, x => x.Contains("hostmaster@contoso.com", StringComparison.Ordinal));
        Store.Server.ApproveMail(Store.Server.Orders.Single(), "www.contoso.com");
        Assert.Equal(OrderStatus.Saved, (await Store.Services.SyncOrder.WaitAsync(order.Id, TimeSpan.FromMinutes(1), true, Store.Bench.Reporter, CancellationToken.None)).Status);
        await RefusesAsync<ConflictException>(ErrorIds.OrderStateInvalid, "no mail", () => Store.Services.Approvers.SendAsync(order.Id, null, null, Store.Bench.Reporter, CancellationToken.None));
    }

    [Theory]
    [InlineData("ceo@contoso.com", "KmApproverNotOffered", "ceo@contoso.com")]
    [InlineData("support@geotrust.com", "KmApproverNotOffered", "support@geotrust.com")]
    [InlineData("", "KmApproverNotOffered", "needs the address")]
    [InlineData("admin@contoso.com,admin@contoso.com,admin@contoso.com", "KmApproverNotOffered", "3 approver addresses")]
    public async Task An_approver_that_is_not_offered_costs_nothing(string addresses, string errorId, string part)
    {
        await Store.AddAccountAsync();
        OrderRequest request = SslStoreBench.For("www.contoso.com", "contoso.com") with { ChallengeType = ChallengeType.Email, ApproverEmails = addresses.Split(',', StringSplitOptions.RemoveEmptyEntries) };
        await RefusesAsync<InvalidRequestException>(errorId, part, () => Store.PlaceAsync(request));
        Assert.Empty(Store.Bench.Orders());
        Assert.Empty(Store.Server.Ledger);
    }

    [Fact]
    public async Task Approvers_come_from_the_api_without_placeholders_and_the_constructed_ones_are_marked()
    {
        await Store.AddAccountAsync();
        IReadOnlyList<ApproverEmail> found = await Store.Services.Approvers.ListAsync(null, "positivessl", DomainName.Parse("www.contoso.com"), Store.Bench.Reporter, CancellationToken.None);
        Assert.Equal(["admin@contoso.com", "hostmaster@contoso.com"], found.Select(a => a.Address));
        Assert.All(found, a => Assert.True(a.IsConstructed));
        Assert.Equal(10, ApproverEmail.Construct(DomainName.Parse("*.www.contoso.com")).Count);
    }
}
