using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Acme;

/// <summary>What a server or the way to it does wrong: nothing is lost, nothing is ordered twice, and the error says what to do.</summary>
public sealed class AcmeFaultTests : AcmeTests
{
    public static TheoryData<AcmeResource> Resources => [AcmeResource.NewOrder, AcmeResource.Authorization, AcmeResource.Challenge, AcmeResource.Order, AcmeResource.Finalize, AcmeResource.Certificate];

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_connection_cut_after_the_work_was_done_costs_no_second_certificate(AcmeResource resource)
    {
        await Acme.AddAccountAsync();
        Acme.Server.Faults.CutNext(resource, 6);
        CertificateOrder order = await UntilSavedAsync("www.contoso.com");
        Assert.Single(Acme.Server.Certificates);
        Assert.Equal(1, Acme.Server.Orders.Sum(o => o.Finalizations));
        Assert.Equal(order.Id, Assert.Single(Acme.Bench.Orders()).Id);
        Assert.Single(Acme.Bench.Listed());
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_server_that_fails_for_a_while_is_asked_again(AcmeResource resource)
    {
        await Acme.AddAccountAsync();
        Acme.Server.Faults.FailNext(resource, 2, 503, retryAfter: TimeSpan.FromSeconds(5));
        await Acme.Bench.GetCertificateAsync("www.contoso.com");
        Assert.Contains(TimeSpan.FromSeconds(5), Acme.Bench.Clock.Delays.Select(d => TimeSpan.FromSeconds(Math.Round(d.TotalSeconds))));
        Assert.Single(Acme.Server.Certificates);
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_server_that_breaks_inside_loses_nothing(AcmeResource resource)
    {
        await Acme.AddAccountAsync();
        Acme.Server.Faults.FailNext(resource, 6, 500, "serverInternal");
        await UntilSavedAsync("www.contoso.com");
        Assert.Single(Acme.Server.Certificates);
    }

    [Fact]
    public async Task A_rate_limit_keeps_its_date_and_the_order()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Faults.RateLimitNext(AcmeResource.NewOrder, 1, TimeSpan.FromHours(3), "too many certificates already issued");
        RateLimitException limited = await Assert.ThrowsAsync<RateLimitException>(() => Acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal(ErrorIds.RateLimited, limited.ErrorId);
        Assert.InRange((limited.RetryAfter!.Value - Acme.Bench.Clock.UtcNow).TotalHours, 2.9, 3.1);
        Assert.Contains("too many certificates already issued", limited.Message, StringComparison.Ordinal);
        Assert.Equal((OrderStatus.Draft, OrderStep.Prepared), (Acme.Bench.Orders().Single().Status, Acme.Bench.Orders().Single().Step));
        Assert.Equal(OrderStatus.Saved, (await Acme.Bench.CompleteAsync(Acme.Bench.Orders().Single())).Status);
    }

    [Fact]
    public async Task Names_that_are_refused_are_named_one_by_one()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Policy.RefusedIdentifiers["bad.contoso.com"] = ("rejectedIdentifier", "it is on a list");
        Acme.Server.Policy.RefusedIdentifiers["worse.contoso.com"] = ("rejectedIdentifier", "it is on two lists");
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => Acme.Bench.PlaceAsync("www.contoso.com", "bad.contoso.com", "worse.contoso.com"));
        Assert.Equal(ErrorIds.NameNotAllowed, refused.ErrorId);
        Assert.Contains("bad.contoso.com: it is on a list", refused.Message, StringComparison.Ordinal);
        Assert.Contains("worse.contoso.com: it is on two lists", refused.Message, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Rejected, Acme.Bench.Orders().Single().Status);
    }

    [Fact]
    public async Task New_terms_are_shown_with_their_page()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Oddities.NewTerms = new Uri("https://ca.contoso.com/terms-2027");
        AuthorityException asked = await Assert.ThrowsAsync<AuthorityException>(() => Acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal(ErrorIds.UserActionRequired, asked.ErrorId);
        Assert.Contains("http", (string)asked.Target!, StringComparison.Ordinal);
        Assert.Contains((string)asked.Target!, asked.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CAA_record_that_forbids_it_is_said()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Validate = _ => "caa: only letsencrypt.org may";
        CertificateOrder order = await Acme.Bench.PlaceAsync("www.contoso.com");
        ChallengeException forbidden = await Assert.ThrowsAsync<ChallengeException>(() => Acme.Bench.CompleteAsync(order));
        Assert.Contains("only letsencrypt.org may (caa)", forbidden.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_not_taken_for_an_answer()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Faults.HtmlNext(AcmeResource.NewOrder, 1, 403);
        AuthorityException page = await Assert.ThrowsAsync<AuthorityException>(() => Acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal(ErrorIds.AuthorityAnswerUnreadable, page.ErrorId);
        Assert.Equal(OrderStatus.Unknown, Acme.Bench.Orders().Single().Status);
        Assert.Equal(OrderStatus.Saved, (await Acme.Bench.CompleteAsync(Acme.Bench.Orders().Single())).Status);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_a_signature()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Faults.RedirectNext(AcmeResource.NewOrder, 1);
        int before = Acme.Server.CountOf(AcmeResource.Any);
        await Assert.ThrowsAnyAsync<KeyManagerException>(() => Acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.InRange(Acme.Server.CountOf(AcmeResource.Any) - before, 1, 2);
    }

    [Fact]
    public async Task A_directory_without_what_is_needed_is_said()
    {
        Acme.Server.Oddities.DirectoryWithoutNewOrder = true;
        await Acme.AddAccountAsync();
        AuthorityException lacking = await Assert.ThrowsAsync<AuthorityException>(() => Acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Contains("newOrder", lacking.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_by_hours_is_said_once()
    {
        Acme.Server.Oddities.DateSkew = TimeSpan.FromHours(5);
        await Acme.AddAccountAsync();
        await Acme.Bench.GetCertificateAsync("www.contoso.com");
        Assert.Contains("300 minutes behind", Assert.Single(Acme.Bench.Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_is_not_there_costs_nothing()
    {
        AuthorityAccount account = await Acme.AddAccountAsync();
        Update(account with { Settings = new Dictionary<string, string> { ["DirectoryUrl"] = "http://127.0.0.1:9/directory" } });
        TransportException gone = await Assert.ThrowsAsync<TransportException>(() => Acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal((ErrorIds.AuthorityUnreachable, true), (gone.ErrorId, gone.WasNeverSent));
        Assert.Equal((OrderStatus.Draft, OrderStep.Prepared), (Acme.Bench.Orders().Single().Status, Acme.Bench.Orders().Single().Step));
    }

    [Fact]
    public async Task Nine_of_ten_nonces_refused_end_in_a_certificate_or_in_an_error_but_not_in_a_loop()
    {
        await Acme.AddAccountAsync();
        Acme.Server.Faults.PercentOfNoncesRefused = 90;
        CertificateOrder order = await UntilSavedAsync("www.contoso.com");
        Assert.Equal(OrderStatus.Saved, order.Status);
    }

    private void Update(AuthorityAccount account) => Acme.Bench.Store.Write(s =>
    {
        s.Accounts.Update(account);
        return true;
    });

    /// <summary>Does what an administrator does: run the command again until it is through.</summary>
    private async Task<CertificateOrder> UntilSavedAsync(string name)
    {
        for (int i = 0; i < 10; i++)
        {
            try
            {
                CertificateOrder order = await Acme.Bench.PlaceAsync(name);
                return await Acme.Bench.CompleteAsync(order);
            }
            catch (KeyManagerException e) when (e is TransportException or RateLimitException or AuthorityException)
            {
                Assert.NotNull(e.Remedy);
            }
        }

        throw new InvalidOperationException("Ten times were not enough.");
    }
}
