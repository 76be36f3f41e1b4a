using System;
using System.Linq;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class CollectCertificateTests : OperationTests
{
    [Fact]
    public async Task The_certificate_stays_with_its_order_until_it_is_saved()
    {
        await Bench.AddAccountAsync();
        CertificateOrder order = await Bench.CompleteAsync(await Bench.PlaceAsync("www.contoso.com"), save: false);
        Assert.Equal((OrderStatus.Available, OrderStep.Collected), (order.Status, order.Step));
        Certificate certificate = Bench.Certificate(order.CertificateId!);
        Assert.Equal((CertificateStatus.Unsaved, false, null), (certificate.Status, certificate.IsCurrent, certificate.SavedAt));
        Assert.Equal((order.PrivateKeyId, order.Id, order.Account), (certificate.PrivateKeyId, certificate.OrderId, certificate.Account));
        Assert.NotEmpty(Bench.Store.Read(s => s.Certificates.GetChain(certificate.Id)));
        Assert.Empty(Bench.Listed());
        Assert.True(WasAudited("CertificateIssued", order.Id));
    }

    [Fact]
    public async Task A_certificate_for_another_key_is_not_taken()
    {
        using KeyPair other = TestPki.NewKey();
        byte[] csr = Bench.Requests.Create(other, Names("www.contoso.com"), null, SignatureHash.SHA256);
        await RefusesCertificateAsync(ErrorIds.KeyMismatch, "another key", _ => Bench.Plain.Issue(csr, TimeSpan.FromDays(90)));
    }

    [Fact]
    public async Task A_certificate_that_lacks_a_name_is_not_taken() => await RefusesCertificateAsync(ErrorIds.CertificateWrong, "lacks contoso.com", order =>
    {
        using KeyPair own = Bench.Key(order.PrivateKeyId!);
        return Bench.Plain.Issue(Bench.Requests.Create(own, Names("www.contoso.com"), null, SignatureHash.SHA256), TimeSpan.FromDays(90));
    });

    [Fact]
    public async Task A_certificate_that_ran_out_is_not_taken() =>
        await RefusesCertificateAsync(ErrorIds.CertificateWrong, "ran out", order => Bench.Plain.Issue(order.Csr!, TimeSpan.FromSeconds(-1)));

    [Fact]
    public async Task Bytes_that_are_no_certificate_are_not_taken()
    {
        CertificateOrder order = await PlaceAsync();
        Bench.Plain.Certificate = _ => [1, 2, 3];
        KeyMaterialException e = await Assert.ThrowsAsync<KeyMaterialException>(() => Bench.CompleteAsync(order));
        Assert.Equal(ErrorIds.CertificateUnreadable, e.ErrorId);
        Assert.Equal(0, Count("certificates"));
    }

    [Fact]
    public async Task A_certificate_with_more_names_than_asked_for_is_taken()
    {
        CertificateOrder order = await PlaceAsync();
        using KeyPair own = Bench.Key(order.PrivateKeyId!);
        byte[] csr = Bench.Requests.Create(own, Names("www.contoso.com", "contoso.com", "mail.contoso.com"), null, SignatureHash.SHA256);
        Bench.Plain.Certificate = _ => Bench.Plain.Issue(csr, TimeSpan.FromDays(90));
        Assert.Equal(3, Bench.Certificate((await Bench.CompleteAsync(order)).CertificateId!).DomainNames.Count);
    }

    [Fact]
    public async Task A_certificate_that_was_imported_by_hand_meanwhile_is_not_stored_twice()
    {
        CertificateOrder order = await PlaceAsync();
        Certificate imported = Bench.Services.ImportCertificate.Run(Bench.Plain.Issue(order), null, "www.cer", null).Single();
        order = await Bench.CompleteAsync(order);
        Assert.Equal((OrderStatus.Saved, imported.Id), (order.Status, order.CertificateId));
        Assert.Equal(1, Count("certificates"));
        Assert.Equal(order.PrivateKeyId, Assert.Single(Bench.Listed()).PrivateKeyId);
    }

    private async Task RefusesCertificateAsync(string errorId, string says, Func<CertificateOrder, byte[]> issue)
    {
        CertificateOrder order = await PlaceAsync();
        Bench.Plain.Certificate = issue;
        await RefusesAsync<KeyMaterialException>(errorId, says, () => Bench.CompleteAsync(order));

        // The right one, once the authority has it, is taken without a new order.
        Bench.Plain.Certificate = null;
        Assert.Equal(OrderStatus.Saved, (await Bench.CompleteAsync(order)).Status);
    }

    private Task<CertificateOrder> PlaceAsync()
    {
        Bench.AddScripted(Bench.Plain);
        return Bench.PlaceAsync("www.contoso.com", "contoso.com");
    }
}
