using System;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Storage;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class RemoveCertificateTests : OperationTests
{
    [Fact]
    public async Task It_goes_here_only_is_never_revoked_and_that_is_said()
    {
        Bench.AddScripted(Bench.Able);
        Certificate certificate = await Bench.GetCertificateAsync("www.contoso.com");
        Bench.Services.RemoveCertificate.Run(certificate.Id, removeKeys: false, Bench.Reporter);
        Assert.Empty(Bench.Listed());
        Assert.DoesNotContain("Revoke", Bench.Able.Calls);
        Assert.Contains("stays valid until", Assert.Single(Bench.Reporter.Warnings), StringComparison.Ordinal);
        Assert.True(WasAudited("CertificateRemoved", certificate.Id));
        Assert.Equal(1, Count("private_keys"));
        Assert.Equal(OrderStatus.Saved, Bench.Order(certificate.OrderId!).Status);
    }

    [Fact]
    public async Task With_the_current_version_the_history_and_the_password_go()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync(Request("www.contoso.com") with { KeystorePassword = "hunter2" });
        CertificateOrder renewal = await Bench.RenewAsync(first);
        Assert.Equal(2, Bench.Services.RemoveCertificate.Run(renewal.CertificateId!, removeKeys: false, Bench.Reporter).Count);
        Assert.Equal((0, 0), (Count("certificates"), Count("lineages")));
        Assert.False(Bench.Store.Read(s => s.Secrets.Exists(SecretRef.KeystorePassword(first.LineageId))));
    }

    [Fact]
    public async Task An_old_version_goes_alone()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        CertificateOrder renewal = await Bench.RenewAsync(first);
        Bench.Services.RemoveCertificate.Run(first.Id, removeKeys: true, Bench.Reporter);
        Assert.Equal(renewal.CertificateId, Assert.Single(Bench.Listed()).Id);
        Assert.Equal(1, Count("private_keys"));
    }

    [Fact]
    public async Task Its_key_goes_when_asked_for_and_nothing_else_needs_it()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.contoso.com");
        Bench.Services.RemoveCertificate.Run(certificate.Id, removeKeys: true, Bench.Reporter);
        Assert.Equal(0, Count("private_keys"));
        Assert.False(Bench.Store.Read(s => s.Secrets.Exists(SecretRef.PrivateKey(certificate.PrivateKeyId!))));
        Assert.True(WasAudited("PrivateKeyRemoved", certificate.PrivateKeyId!));
    }

    [Fact]
    public async Task A_key_that_something_else_needs_stays()
    {
        await Bench.AddAccountAsync();
        CertificateSigningRequest csr = Bench.Services.Csrs.Create(new CsrRequest { DomainNames = Names("www.contoso.com") });
        Certificate certificate = await Bench.GetCertificateAsync(new OrderRequest { CsrName = csr.Name });
        Bench.Services.RemoveCertificate.Run(certificate.Id, removeKeys: true, Bench.Reporter);
        Assert.Equal(1, Count("private_keys"));

        // An open order is a need too.
        PrivateKeyInfo key = Bench.Services.Keys.List(null).Single();
        Certificate mail = await Bench.GetCertificateAsync(Request("mail.contoso.com") with { PrivateKey = key.Id });
        await Bench.PlaceAsync(Request("open.contoso.com") with { PrivateKey = key.Id });
        Bench.Services.Csrs.Remove(csr.Id);
        Bench.Services.RemoveCertificate.Run(mail.Id, removeKeys: true, Bench.Reporter);
        Assert.Equal(1, Count("private_keys"));
    }

    [Fact]
    public async Task A_renewal_that_waits_to_be_saved_survives_and_can_still_be_saved()
    {
        await Bench.AddAccountAsync();
        Certificate first = await Bench.GetCertificateAsync("www.contoso.com");
        CertificateOrder renewal = await Bench.RenewAsync(first, save: false);
        Bench.Services.RemoveCertificate.Run(first.Id, removeKeys: false, Bench.Reporter);
        Assert.Empty(Bench.Listed());
        Bench.Services.SaveCertificate.Run(renewal.Id, Bench.Reporter);
        Assert.Equal(renewal.CertificateId, Assert.Single(Bench.Listed()).Id);
    }

    [Fact]
    public async Task An_expired_one_goes_without_a_warning()
    {
        await Bench.AddAccountAsync();
        Certificate certificate = await Bench.GetCertificateAsync("www.contoso.com");
        Bench.Clock.Advance(TimeSpan.FromDays(91));
        Bench.Services.RemoveCertificate.Run(certificate.Id, removeKeys: false, Bench.Reporter);
        Assert.Empty(Bench.Reporter.Warnings);
    }

    [Fact]
    public void What_is_not_there_is_named() =>
        Refuses<NotFoundException>(ErrorIds.CertificateNotFound, "'nothing'", () => Bench.Services.RemoveCertificate.Run("nothing", removeKeys: true, Bench.Reporter));
}
