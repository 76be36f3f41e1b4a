using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support.Acme;
using Xunit;

namespace KeyManager.Tests.Acme;

/// <summary>When a certificate is renewed, and that the authority hears what the new one replaces.</summary>
public sealed class AcmeRenewalTests : AcmeTests
{
    [Fact]
    public async Task It_is_due_at_a_moment_of_the_authoritys_window_that_is_kept()
    {
        Certificate certificate = await CertificateAsync();
        DateTimeOffset start = Acme.Bench.Clock.UtcNow.AddDays(20);
        Acme.Server.Certificates.Single().SuggestedWindow = (start, start.AddDays(2));
        RenewalDecision decision = await DecideAsync(certificate);
        Assert.False(decision.IsDue);
        Assert.InRange(decision.RenewAt, start, start.AddDays(2));
        int asked = Acme.Server.CountOf(AcmeResource.RenewalInfo);
        Assert.Equal(decision.RenewAt, (await DecideAsync(certificate)).RenewAt);
        Assert.Equal(asked, Acme.Server.CountOf(AcmeResource.RenewalInfo)); // not asked before the server wants to be
        Acme.Bench.Clock.Advance(TimeSpan.FromDays(19));
        Assert.Equal(decision.RenewAt, (await DecideAsync(certificate)).RenewAt);
        Assert.Equal(asked + 1, Acme.Server.CountOf(AcmeResource.RenewalInfo));
        Acme.Bench.Clock.Advance(TimeSpan.FromDays(3));
        Assert.True((await DecideAsync(certificate)).IsDue);
    }

    [Theory]
    [InlineData(RenewalInfoAnswer.WindowInThePast, true)]
    [InlineData(RenewalInfoAnswer.FarFuture, false)]
    [InlineData(RenewalInfoAnswer.EndBeforeStart, false)]
    [InlineData(RenewalInfoAnswer.EmptyWindow, false)]
    [InlineData(RenewalInfoAnswer.NoWindow, false)]
    [InlineData(RenewalInfoAnswer.BadDates, false)]
    [InlineData(RenewalInfoAnswer.Garbage, false)]
    [InlineData(RenewalInfoAnswer.NotFound, false)]
    [InlineData(RenewalInfoAnswer.ServerError, false)]
    public async Task No_answer_keeps_a_certificate_from_being_renewed_in_time(RenewalInfoAnswer answer, bool isDueAtOnce)
    {
        Certificate certificate = await CertificateAsync();
        Acme.Server.Oddities.RenewalInfo = answer;
        Assert.Equal(isDueAtOnce, (await DecideAsync(certificate)).IsDue);
        Acme.Bench.Clock.Advance(certificate.NotAfter - Acme.Bench.Clock.UtcNow - TimeSpan.FromDays(4));
        Assert.True((await DecideAsync(certificate)).IsDue);
    }

    [Fact]
    public async Task An_explanation_is_passed_on_once()
    {
        Certificate certificate = await CertificateAsync();
        Acme.Server.Oddities.RenewalInfo = RenewalInfoAnswer.Explained;
        await DecideAsync(certificate);
        await DecideAsync(certificate);
        Assert.Contains("http", Assert.Single(Acme.Bench.Reporter.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(90, 30)]
    [InlineData(6, 3)]
    public async Task Without_a_word_from_the_authority_a_third_of_its_life_counts_or_half_of_a_short_one(int life, int daysLeft)
    {
        Acme.Server.Policy.ServesRenewalInfo = false;
        Acme.Server.Policy.AllowsDates = true;
        await Acme.AddAccountAsync();
        Certificate certificate = await Acme.Bench.GetCertificateAsync(AcmeBench.For("www.contoso.com") with { ValidityDays = life });
        RenewalDecision decision = await DecideAsync(certificate);
        Assert.False(decision.IsDue);
        Assert.InRange((certificate.NotAfter - decision.RenewAt).TotalDays, daysLeft - Math.Min(1, life / 20.0) - 0.1, daysLeft + 0.1);
    }

    [Fact]
    public async Task One_that_was_revoked_is_due_at_once()
    {
        Certificate certificate = await CertificateAsync();
        await Acme.Services.RevokeCertificate.RunAsync(certificate.Id, RevocationReason.Superseded, null, Acme.Bench.Reporter, CancellationToken.None);
        Assert.True((await DecideAsync(certificate)).IsDue);
    }

    [Fact]
    public async Task The_new_order_says_what_it_replaces()
    {
        Certificate certificate = await CertificateAsync();
        await Acme.Bench.RenewAsync(certificate);
        Assert.Equal([null, Acme.Server.Certificates[0].CertId], Acme.Server.Orders.Select(o => o.Replaces));
        Assert.Equal(2, Acme.Bench.Listed().Single().Version);
    }

    [Fact]
    public async Task What_was_replaced_already_is_renewed_all_the_same()
    {
        Certificate certificate = await CertificateAsync();
        await Acme.Bench.RenewAsync(certificate, save: false);
        CertificateOrder unsaved = Acme.Bench.Orders().First(o => o.Status == OrderStatus.Renewed);
        Acme.Services.RemoveOrder.Run(unsaved.Id, Acme.Bench.Reporter);
        CertificateOrder again = await Acme.Bench.RenewAsync(certificate);
        Assert.Equal(OrderStatus.Saved, again.Status);
        Assert.Null(Acme.Server.Orders[^1].Replaces);
    }

    private async Task<Certificate> CertificateAsync()
    {
        await Acme.AddAccountAsync();
        return await Acme.Bench.GetCertificateAsync("www.contoso.com");
    }

    private Task<RenewalDecision> DecideAsync(Certificate certificate) => Acme.Services.DecideRenewal.RunAsync(certificate.Id, Acme.Bench.Reporter, CancellationToken.None);
}
