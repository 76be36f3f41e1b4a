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
public sealed class AcmeFaultTests : IDisposable
{
    private readonly AcmeBench _acme = new();

    public void Dispose()
    {
        try
        {
            _acme.AssertNoViolations();
        }
        finally
        {
            _acme.Dispose();
        }
    }

    public static TheoryData<AcmeResource> Resources => [AcmeResource.NewOrder, AcmeResource.Authorization, AcmeResource.Challenge, AcmeResource.Order, AcmeResource.Finalize, AcmeResource.Certificate];

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_connection_cut_after_the_work_was_done_costs_no_second_certificate(AcmeResource resource)
    {
        await _acme.AddAccountAsync();
        _acme.Server.Faults.CutNext(resource, 6);
        CertificateOrder order = await UntilSavedAsync("www.contoso.com");
        Assert.Single(_acme.Server.Certificates);
        Assert.Equal(1, _acme.Server.Orders.Sum(o => o.Finalizations));
        Assert.Equal(order.Id, Assert.Single(_acme.Bench.Orders()).Id);
        Assert.Single(_acme.Bench.Listed());
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_server_that_fails_for_a_while_is_asked_again(AcmeResource resource)
    {
        await _acme.AddAccountAsync();
        _acme.Server.Faults.FailNext(resource, 2, 503, retryAfter: TimeSpan.FromSeconds(5));
        await _acme.Bench.GetCertificateAsync("www.contoso.com");
        Assert.Contains(TimeSpan.FromSeconds(5), _acme.Bench.Clock.Delays.Select(d => TimeSpan.FromSeconds(Math.Round(d.TotalSeconds))));
        Assert.Single(_acme.Server.Certificates);
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task A_server_that_breaks_inside_loses_nothing(AcmeResource resource)
    {
        await _acme.AddAccountAsync();
        _acme.Server.Faults.FailNext(resource, 6, 500, "serverInternal");
        await UntilSavedAsync("www.contoso.com");
        Assert.Single(_acme.Server.Certificates);
    }

    [Fact]
    public async Task A_rate_limit_keeps_its_date_and_the_order()
    {
        await _acme.AddAccountAsync();
        _acme.Server.Faults.RateLimitNext(AcmeResource.NewOrder, 1, TimeSpan.FromHours(3), "too many certificates already issued");
        RateLimitException limited = await Assert.ThrowsAsync<RateLimitException>(() => _acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal(ErrorIds.RateLimited, limited.ErrorId);
        Assert.InRange((limited.RetryAfter!.Value - _acme.Bench.Clock.UtcNow).TotalHours, 2.9, 3.1);
        Assert.Contains("too many certificates already issued", limited.Message, StringComparison.Ordinal);
        Assert.Equal((OrderStatus.Draft, OrderStep.Prepared), (_acme.Bench.Orders().Single().Status, _acme.Bench.Orders().Single().Step));
        Assert.Equal(OrderStatus.Saved, (await _acme.Bench.CompleteAsync(_acme.Bench.Orders().Single())).Status);
    }

    [Fact]
    public async Task Names_that_are_refused_are_named_one_by_one()
    {
        await _acme.AddAccountAsync();
        _acme.Server.Policy.RefusedIdentifiers["bad.contoso.com"] = ("rejectedIdentifier", "it is on a list");
        _acme.Server.Policy.RefusedIdentifiers["worse.contoso.com"] = ("rejectedIdentifier", "it is on two lists");
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => _acme.Bench.PlaceAsync("www.contoso.com", "bad.contoso.com", "worse.contoso.com"));
        Assert.Equal(ErrorIds.NameNotAllowed, refused.ErrorId);
        Assert.Contains("bad.contoso.com: it is on a list", refused.Message, StringComparison.Ordinal);
        Assert.Contains("worse.contoso.com: it is on two lists", refused.Message, StringComparison.Ordinal);
        Assert.Equal(OrderStatus.Rejected, _acme.Bench.Orders().Single().Status);
    }

    [Fact]
    public async Task New_terms_are_shown_with_their_page()
    {
        await _acme.AddAccountAsync();
        _acme.Server.Oddities.NewTerms = new Uri("https://ca.contoso.com/terms-2027");
        AuthorityException asked = await Assert.ThrowsAsync<AuthorityException>(() => _acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal(ErrorIds.UserActionRequired, asked.ErrorId);
        Assert.Contains("http", (string)asked.Target!, StringComparison.Ordinal);
        Assert.Contains((string)asked.Target!, asked.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CAA_record_that_forbids_it_is_said()
    {
        await _acme.AddAccountAsync();
        _acme.Server.Validate = _ => "caa: only letsencrypt.org may";
        CertificateOrder order = await _acme.Bench.PlaceAsync("www.contoso.com");
        ChallengeException forbidden = await Assert.ThrowsAsync<ChallengeException>(() => _acme.Bench.CompleteAsync(order));
        Assert.Contains("only letsencrypt.org may (caa)", forbidden.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_a_proxy_is_not_taken_for_an_answer()
    {
        await _acme.AddAccountAsync();
        _acme.Server.Faults.HtmlNext(AcmeResource.NewOrder, 1, 403);
        AuthorityException page = await Assert.ThrowsAsync<AuthorityException>(() => _acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal(ErrorIds.AuthorityAnswerUnreadable, page.ErrorId);
        Assert.Equal(OrderStatus.Unknown, _acme.Bench.Orders().Single().Status);
        Assert.Equal(OrderStatus.Saved, (await _acme.Bench.CompleteAsync(_acme.Bench.Orders().Single())).Status);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_a_signature()
    {
        await _acme.AddAccountAsync();
        _acme.Server.Faults.RedirectNext(AcmeResource.NewOrder, 1);
        int before = _acme.Server.CountOf(AcmeResource.Any);
        await Assert.ThrowsAnyAsync<KeyManagerException>(() => _acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.InRange(_acme.Server.CountOf(AcmeResource.Any) - before, 1, 2);
    }

    [Fact]
    public async Task A_directory_without_what_is_needed_is_said()
    {
        _acme.Server.Oddities.DirectoryWithoutNewOrder = true;
        await _acme.AddAccountAsync();
        AuthorityException lacking = await Assert.ThrowsAsync<AuthorityException>(() => _acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Contains("newOrder", lacking.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_wrong_by_hours_is_said_once()
    {
        _acme.Server.Oddities.DateSkew = TimeSpan.FromHours(5);
        await _acme.AddAccountAsync();
        await _acme.Bench.GetCertificateAsync("www.contoso.com");
        Assert.Contains("300 minutes behind", Assert.Single(_acme.Bench.Reporter.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_is_not_there_costs_nothing()
    {
        AuthorityAccount account = await _acme.AddAccountAsync();
        Update(account with { Settings = new Dictionary<string, string> { ["DirectoryUrl"] = "http://127.0.0.1:9/directory" } });
        TransportException gone = await Assert.ThrowsAsync<TransportException>(() => _acme.Bench.PlaceAsync("www.contoso.com"));
        Assert.Equal((ErrorIds.AuthorityUnreachable, true), (gone.ErrorId, gone.WasNeverSent));
        Assert.Equal((OrderStatus.Draft, OrderStep.Prepared), (_acme.Bench.Orders().Single().Status, _acme.Bench.Orders().Single().Step));
    }

    [Fact]
    public async Task Nine_of_ten_nonces_refused_end_in_a_certificate_or_in_an_error_but_not_in_a_loop()
    {
        await _acme.AddAccountAsync();
        _acme.Server.Faults.PercentOfNoncesRefused = 90;
        CertificateOrder order = await UntilSavedAsync("www.contoso.com");
        Assert.Equal(OrderStatus.Saved, order.Status);
    }

    private void Update(AuthorityAccount account) => _acme.Bench.Store.Write(s =>
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
                CertificateOrder order = await _acme.Bench.PlaceAsync(name);
                return await _acme.Bench.CompleteAsync(order);
            }
            catch (KeyManagerException e) when (e is TransportException or RateLimitException or AuthorityException)
            {
                Assert.NotNull(e.Remedy);
            }
        }

        throw new InvalidOperationException("Ten times were not enough.");
    }
}
