using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class RevokeCertificateTests : OperationTests
{
    [Fact]
    public async Task It_is_revoked_at_the_authority_and_marked_here()
    {
        Bench.AddScripted(Bench.Able);
        Certificate certificate = await Bench.GetCertificateAsync("www.contoso.com");
        Certificate revoked = await RevokeAsync(certificate);
        Assert.Equal((CertificateStatus.Revoked, RevocationReason.Superseded, Bench.Clock.UtcNow), (revoked.Status, revoked.RevocationReason!.Value, revoked.RevokedAt!.Value));
        Assert.Equal(CertificateStatus.Revoked, Bench.Certificate(certificate.Id).Status);
        Assert.Equal(OrderStatus.Revoked, Bench.Order(certificate.OrderId!).Status);
        Assert.Contains(Bench.Audit(), a => a.Action == "CertificateRevoked" && a.Detail.Contains("Superseded: replaced"));
        Assert.Contains("Revoke", Bench.Able.Calls);
    }

    [Fact]
    public async Task Twice_is_refused_with_the_moment_of_the_first_time()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.contoso.com");
        await RevokeAsync(certificate);
        await RefusesAsync<ConflictException>(ErrorIds.CertificateAlreadyRevoked, "2026-03-01", () => RevokeAsync(certificate));
    }

    [Fact]
    public async Task When_the_authority_refuses_it_stays_valid_here()
    {
        Bench.AddScripted(Bench.Able);
        Certificate certificate = await Bench.GetCertificateAsync("www.contoso.com");
        Bench.Able.Before = _ => throw new AuthorityException(ErrorIds.AuthorityRejected, "Unknown serial number.") { Remedy = "Ask." };
        await RefusesAsync<AuthorityException>(ErrorIds.AuthorityRejected, "serial", () => RevokeAsync(certificate));
        Assert.Equal(CertificateStatus.Valid, Bench.Certificate(certificate.Id).Status);
    }

    [Fact]
    public async Task A_process_that_died_after_the_authority_heard_it_is_made_good_by_the_next_try()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.contoso.com");
        Bench.Store.BeforeWrite = _ =>
        {
            if (Bench.Store.Read(s => s.Issued.FindByOrder(Bench.Order(certificate.OrderId!).AccountId, certificate.OrderId!))?.RevokedAt is not null)
            {
                throw new InvalidOperationException("dead");
            }
        };
        await Assert.ThrowsAsync<InvalidOperationException>(() => RevokeAsync(certificate));
        Bench.Store.BeforeWrite = null;
        Assert.Equal(CertificateStatus.Valid, Bench.Certificate(certificate.Id).Status);
        Assert.Equal(CertificateStatus.Revoked, (await RevokeAsync(certificate)).Status);
    }

    [Fact]
    public async Task A_renewal_saved_while_the_authority_was_asked_stays_the_current_version()
    {
        Bench.AddScripted(Bench.Able);
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        CertificateOrder renewal = await Bench.RenewAsync(first, save: false);
        Bench.Able.After = _ => Bench.AnotherProcess().SaveCertificate.Run(renewal.Id, Bench.Reporter);
        Certificate revoked = await RevokeAsync(first);
        Assert.Equal((false, CertificateStatus.Revoked), (revoked.IsCurrent, revoked.Status));
        Assert.Equal(renewal.CertificateId, Assert.Single(Bench.Listed()).Id);
    }

    [Fact]
    public async Task What_no_account_can_revoke_is_said_before_anything_happens()
    {
        Certificate imported = Bench.Services.ImportCertificate.Run(TestPki.Entry("x").Certificates[0], null, "www.cer", null).Single();
        await RefusesAsync<ConflictException>(ErrorIds.AuthorityCannot, "not ordered here", () => RevokeAsync(imported));
        Bench.AddScripted(Bench.Plain);
        Certificate plain = await Bench.GetCertificateAsync("mail.contoso.com");
        await RefusesAsync<InvalidRequestException>(ErrorIds.AuthorityCannot, "cannot revoke", () => RevokeAsync(plain));
        await RefusesAsync<NotFoundException>(ErrorIds.CertificateNotFound, "nothing", () => RevokeAsync(plain with { Id = "nothing" }));
    }

    private Task<Certificate> RevokeAsync(Certificate certificate) =>
        Bench.Services.RevokeCertificate.RunAsync(certificate.Id, RevocationReason.Superseded, "replaced", Bench.Reporter, CancellationToken.None);
}
