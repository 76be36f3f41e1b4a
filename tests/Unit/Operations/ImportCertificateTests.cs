using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using KeyManager.Operations;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class ImportCertificateTests : OperationTests
{
    [Fact]
    public void A_keystore_brings_the_certificate_its_chain_and_its_key()
    {
        KeystoreEntry entry = TestPki.Entry("web");
        Certificate certificate = Import(Pfx(entry), "hunter2").Single();
        Assert.Equal(("www.contoso.com", 1, CertificateStatus.Valid, true), (certificate.Name, certificate.Version, certificate.Status, certificate.IsCurrent));
        Assert.Equal((OrderOrigin.Imported, null, null), (certificate.Origin, certificate.Account, certificate.OrderId));
        Assert.Equal(entry.Key!.SubjectPublicKeyInfo, Bench.Key(certificate.PrivateKeyId!).SubjectPublicKeyInfo);
        Assert.Equal(2, Bench.Store.Read(s => s.Certificates.GetChain(certificate.Id)).Count);
        Assert.True(WasAudited("CertificateImported", certificate.Id));
    }

    [Fact]
    public void Pem_text_with_certificate_chain_and_key_is_read_too()
    {
        KeystoreEntry entry = TestPki.Entry("web");
        byte[] pem = [.. Bench.Keys.ToPem(entry.Key!, null), .. Bench.Certificates.ToPem(entry.Certificates)];
        Assert.True(Import(pem, null).Single().HasPrivateKey);
    }

    [Fact]
    public void A_certificate_without_its_key_finds_the_stored_one()
    {
        KeystoreEntry entry = TestPki.Entry("web");
        PrivateKeyInfo key = Bench.Services.Keys.Import(Bench.Keys.ToPem(entry.Key!, null), null, "key.pem", "web");
        Assert.Equal(key.Id, Import(entry.Certificates[0], null).Single().PrivateKeyId);
    }

    [Fact]
    public void The_same_certificate_again_is_answered_as_it_is_and_its_key_added()
    {
        KeystoreEntry entry = TestPki.Entry("web");
        Certificate first = Import(entry.Certificates[0], null).Single();
        Assert.False(first.HasPrivateKey);
        Certificate again = Import(Pfx(entry), "hunter2").Single();
        Assert.Equal((first.Id, true), (again.Id, again.HasPrivateKey));
        Assert.True(Bench.Certificate(first.Id).HasPrivateKey);
        Assert.Equal(1, Count("certificates"));
    }

    [Fact]
    public async Task A_newer_one_becomes_the_next_version_and_an_older_one_history()
    {
        await Bench.AddAccountAsync();
        Certificate ordered = await Bench.GetCertificateAsync("www.contoso.com");
        Certificate newer = Import(TestPki.Entry("web").Certificates[0], null).Single();
        Assert.Equal((ordered.LineageId, 2, true), (newer.LineageId, newer.Version, newer.IsCurrent));

        KeyPair key = TestPki.NewKey();
        byte[] old = TestPki.Issue("CN=www.contoso.com", key, TestPki.Intermediate, dnsName: "www.contoso.com", notAfter: new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc)).Der;
        Certificate older = Import(old, null).Single();
        Assert.Equal((3, false), (older.Version, older.IsCurrent));
        Assert.Equal(newer.Id, Assert.Single(Bench.Listed()).Id);
        Assert.Equal(3, Bench.Services.Inventory.History("www.contoso.com").Count);
    }

    [Fact]
    public void It_may_be_given_a_name_unless_there_are_several()
    {
        Assert.Equal("web", Bench.Services.ImportCertificate.Run(TestPki.Entry("x").Certificates[0], null, "x.cer", "web").Single().Name);
        byte[] two = Pfx(TestPki.Entry("a", "a.contoso.com"), TestPki.Entry("b", "b.contoso.com"));
        Refuses<InvalidRequestException>(ErrorIds.InvalidParameter, "two.pfx", () => Bench.Services.ImportCertificate.Run(two, "hunter2", "two.pfx", "both"));
        Assert.Equal(["a.contoso.com", "b.contoso.com"], Import(two, "hunter2").Select(c => c.Name).OrderBy(n => n, StringComparer.Ordinal));
    }

    [Fact]
    public void A_wrong_password_a_missing_one_and_an_empty_file_are_told_apart()
    {
        byte[] pfx = Pfx(TestPki.Entry("web"));
        Refuses<KeyMaterialException>(ErrorIds.WrongPassword, "my.file", () => Import(pfx, "wrong"));
        Refuses<KeyMaterialException>(ErrorIds.FileEmpty, "my.file", () => Import([], null));
        Refuses<KeyMaterialException>(ErrorIds.KeystoreUnreadable, "my.file", () => Import(Encoding.ASCII.GetBytes("Dear diary"), null));
    }

    [Fact]
    public void A_damaged_pem_is_named() => Refuses<KeyMaterialException>(
        ErrorIds.KeystoreUnreadable, "my.file", () => Import(Encoding.ASCII.GetBytes("-----BEGIN CERTIFICATE-----\nMIIB////\n-----END CERTIFICATE-----\n"), null));

    [Fact]
    public void A_key_that_does_not_belong_to_the_certificate_is_refused_and_nothing_stored()
    {
        KeystoreEntry entry = TestPki.Entry("web");
        using KeyPair other = TestPki.NewKey();
        byte[] pem = [.. Bench.Keys.ToPem(other, null), .. Bench.Certificates.ToPem([entry.Certificates[0]])];
        Refuses<KeyMaterialException>(ErrorIds.KeyMismatch, "my.file", () => Import(pem, null));
    }

    [Fact]
    public void A_key_alone_is_no_certificate()
    {
        using KeyPair key = TestPki.NewKey();
        KeyMaterialException e = Refuses<KeyMaterialException>(ErrorIds.CertificateUnreadable, "my.file", () => Import(Bench.Keys.ToPem(key, null), null));
        Assert.Contains("Import-KmPrivateKey", e.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_limit_counts_imports_too_and_all_or_none_of_a_file_come_in()
    {
        Bench.Services.Settings.Set(StoreSettings.MaxManagedCertificates, "1");
        byte[] two = Pfx(TestPki.Entry("a", "a.contoso.com"), TestPki.Entry("b", "b.contoso.com"));
        Refuses<ConflictException>(ErrorIds.CertificateQuotaExceeded, "MaxManagedCertificates", () => Import(two, "hunter2"));
        Assert.Single(Import(Pfx(TestPki.Entry("a", "a.contoso.com")), "hunter2"));
    }

    private System.Collections.Generic.IReadOnlyList<Certificate> Import(byte[] data, string? password) =>
        Bench.Services.ImportCertificate.Run(data, password, "my.file", null);

    private static byte[] Pfx(params KeystoreEntry[] entries) => new Pkcs12Format().Write(entries, new KeystoreOptions { Password = "hunter2" });
}
