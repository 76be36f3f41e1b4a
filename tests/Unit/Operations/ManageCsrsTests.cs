using System;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Operations;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Operations;

public sealed class ManageCsrsTests : OperationTests
{
    [Fact]
    public void A_request_is_made_and_stored_with_its_key()
    {
        CertificateSigningRequest csr = Create("www.contoso.com", "contoso.com");
        Assert.Equal(("www.contoso.com", OrderOrigin.Created), (csr.Name, csr.Origin));
        CertificateRequestContent content = Bench.Requests.Read(csr.RawData, "csr");
        Assert.Equal(Names("www.contoso.com", "contoso.com"), content.DomainNames);
        Assert.Equal(Bench.Key(csr.PrivateKeyId!).SubjectPublicKeyInfo, content.SubjectPublicKeyInfo);
        Assert.True(WasAudited("CsrCreated", csr.Id));
    }

    [Fact]
    public void The_settings_of_the_store_and_the_strength_of_the_key_decide_what_is_left_open()
    {
        Bench.Services.Settings.Set("DefaultKeyLength", "384");
        CertificateSigningRequest csr = Create("www.contoso.com");
        Assert.Equal(("ECDSA P-384", "SHA384withECDSA"), (csr.KeySpec.ToString(), csr.SignatureAlgorithm));
    }

    [Fact]
    public void A_stored_key_can_be_used()
    {
        PrivateKeyInfo key = Bench.Services.Keys.Import(Bench.Keys.ToPem(TestPki.Key("RSA 2048"), null), null, "key.pem", "old");
        CertificateSigningRequest csr = Bench.Services.Csrs.Create(new CsrRequest { DomainNames = Names("www.contoso.com"), PrivateKey = "old" });
        Assert.Equal((key.Id, 1), (csr.PrivateKeyId, Count("private_keys")));
    }

    [Fact]
    public void A_name_that_is_taken_leaves_no_key_behind()
    {
        Create("www.contoso.com");
        Refuses<ConflictException>(ErrorIds.NameAlreadyExists, "www.contoso.com", () => Create("www.contoso.com"));
    }

    [Fact]
    public void An_imported_request_finds_its_stored_key()
    {
        PrivateKeyInfo key = Bench.Services.Keys.Import(Bench.Keys.ToPem(TestPki.Key("ECDSA P-256"), null), null, "key.pem", "k");
        byte[] der = Bench.Requests.Create(TestPki.Key("ECDSA P-256"), Names("www.contoso.com"), null, SignatureHash.SHA256);
        CertificateSigningRequest csr = Bench.Services.Csrs.Import(Encoding.ASCII.GetBytes(Pem.Encode("CERTIFICATE REQUEST", der)), "my.csr", null);
        Assert.Equal((key.Id, OrderOrigin.Imported, "www.contoso.com"), (csr.PrivateKeyId, csr.Origin, csr.Name));
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        Refuses<KeyMaterialException>(ErrorIds.FileEmpty, "my.csr", () => Bench.Services.Csrs.Import([], "my.csr", null));
        Refuses<KeyMaterialException>(ErrorIds.CsrUnreadable, "my.csr", () => Bench.Services.Csrs.Import([1, 2, 3], "my.csr", null));
        Refuses<NotFoundException>(ErrorIds.CsrNotFound, "'gone'", () => Bench.Services.Csrs.Get("gone"));
    }

    [Fact]
    public void An_exported_request_reads_back()
    {
        CertificateSigningRequest csr = Create("www.contoso.com");
        Bench.Services.Csrs.Export(csr.Id, Bench.File("www.csr"));
        Assert.Equal(csr.RawData, Bench.Services.Csrs.Read(File.ReadAllBytes(Bench.File("www.csr")), "www.csr").Der);
    }

    [Fact]
    public void A_removed_request_leaves_its_key()
    {
        CertificateSigningRequest csr = Create("www.contoso.com");
        Bench.Services.Csrs.Remove("WWW.contoso.com");
        Assert.Empty(Bench.Services.Csrs.List(null));
        Assert.Equal(csr.PrivateKeyId, Bench.Services.Keys.List(null).Single().Id);
        Assert.True(WasAudited("CsrRemoved", csr.Id));
    }

    private CertificateSigningRequest Create(params string[] names) => Bench.Services.Csrs.Create(new CsrRequest { DomainNames = Names(names) });
}
