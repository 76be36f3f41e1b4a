using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Keys;

public sealed class CertificateToolsTests : IDisposable
{
    private static readonly TestPki.Issued Leaf = TestPki.Issue("CN=www.contoso.com,O=Contoso", TestPki.NewKey(), TestPki.Intermediate, dnsName: "www.contoso.com");
    private readonly TemporaryFolder _folder = new();
    private readonly CertificateTools _tools = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("RSA 2048")]
    [InlineData("ECDSA P-256")]
    [InlineData("ECDSA P-384")]
    [InlineData("ECDSA P-521")]
    [InlineData("Ed25519")]
    public void The_framework_reads_the_same_facts(string kind)
    {
        byte[] der = TestPki.Issue("CN=www.contoso.com", TestPki.Key(kind), TestPki.Intermediate, dnsName: "www.contoso.com").Der;
        using X509Certificate2 judge = X509CertificateLoader.LoadCertificate(der);

        CertificateContent content = _tools.Parse(der);

        Assert.Equal(judge.Thumbprint, content.Thumbprint);
        Assert.Equal(judge.SerialNumber, content.SerialNumber.PadLeft(judge.SerialNumber.Length, '0'));
        Assert.Equal(judge.NotBefore.ToUniversalTime(), content.NotBefore.UtcDateTime);
        Assert.Equal(judge.NotAfter.ToUniversalTime(), content.NotAfter.UtcDateTime);
        Assert.Equal(judge.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), content.Sha256Thumbprint);
        Assert.Equal(TestPki.Key(kind).SubjectPublicKeyInfo, content.SubjectPublicKeyInfo);
        Assert.Equal(kind, content.KeyDescription);
        Assert.Equal("SHA256withECDSA", content.SignatureAlgorithm);
        Assert.Equal([DomainName.Parse("www.contoso.com")], content.DomainNames);
        Assert.False(content.IsAuthority);
        Assert.False(content.IsSelfSigned);
    }

    [Theory]
    [InlineData("80", "80")]
    [InlineData("7F", "7F")]
    [InlineData("FF00000000000000000000000000000001", "FF00000000000000000000000000000001")]
    public void A_serial_number_has_no_leading_zero_byte(string serialNumber, string shown) =>
        Assert.Equal(shown, TestPki.Issue("CN=x", TestPki.Key("ECDSA P-256"), TestPki.Root, serialNumber: serialNumber).Content.SerialNumber);

    [Fact]
    public void A_common_name_counts_only_without_alternative_names()
    {
        Assert.Equal([DomainName.Parse("old.contoso.com")], TestPki.Issue("CN=old.contoso.com", TestPki.NewKey(), TestPki.Root).Content.DomainNames);
        Assert.Equal(
            [DomainName.Parse("new.contoso.com")], TestPki.Issue("CN=old.contoso.com", TestPki.NewKey(), TestPki.Root, dnsName: "new.contoso.com").Content.DomainNames);
        Assert.Empty(TestPki.Issue("CN=Contoso Web Server", TestPki.NewKey(), TestPki.Root).Content.DomainNames);
    }

    [Fact]
    public void A_self_signed_certificate_is_verified_and_not_believed()
    {
        Assert.True(TestPki.Root.Content.IsSelfSigned);
        Assert.True(TestPki.Root.Content.IsAuthority);
        byte[] pretender = TestPki.Issue(TestPki.Root.Subject, TestPki.NewKey(), TestPki.Root).Der;
        Assert.False(_tools.Parse(pretender).IsSelfSigned);
    }

    [Theory]
    [InlineData("req -x509 -newkey rsa:2048 -nodes -keyout key.pem -sigopt rsa_padding_mode:pss -subj /CN=pss", "RSA 2048", "SHA256withRSAandMGF1", true)]
    [InlineData("req -x509 -newkey rsa:1024 -nodes -keyout key.pem -sha1 -subj /CN=old", "RSA 1024", "SHA1withRSA", true)]
    [InlineData("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1 -nodes -keyout key.pem -subj /CN=brainpool", "ECDSA brainpoolP256r1", "SHA256withECDSA", true)]
    [InlineData("req -x509 -newkey ed448 -nodes -keyout key.pem -subj /CN=ed448", "Ed448", "Ed448", false)]
    public void Certificates_with_keys_we_do_not_make_are_read_too(string command, string key, string signature, bool verifies)
    {
        Peers.OpenSsl(_folder.Path, [.. command.Split(' '), "-out", "cert.pem"]);

        CertificateContent content = Assert.Single(_tools.ReadAll(File.ReadAllBytes(_folder.File("cert.pem")), "cert.pem"));

        Assert.Equal(key, content.KeyDescription);
        Assert.Equal(signature, content.SignatureAlgorithm);
        Assert.Equal(verifies, content.IsSelfSigned);
    }

    [Fact]
    public void A_name_is_written_as_RFC_4514_wants_it()
    {
        Peers.OpenSsl(
            _folder.Path,
            "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", "key.pem", "-utf8", "-multivalue-rdn", "-out", "cert.pem",
            "-subj", "/C=DE/DC=contoso/O=Müller, \"Söhne\"; <Co> \\/ \\\\/OU=#1/OU= edge /CN=a+UID=b/serialNumber=42/2.5.4.44=III");

        string shown = Peers.OpenSsl(_folder.Path, "x509", "-in", "cert.pem", "-noout", "-subject", "-nameopt", "RFC2253,-esc_msb,utf8");

        Assert.Equal(
            shown.Trim().Replace("subject=", "", StringComparison.Ordinal).Replace("generationQualifier=III", "2.5.4.44=#0C03494949", StringComparison.Ordinal),
            Assert.Single(_tools.ReadAll(File.ReadAllBytes(_folder.File("cert.pem")), "cert.pem")).Subject);
    }

    [Fact]
    public void Certificates_come_out_of_every_wrapping_in_their_order()
    {
        byte[][] ders = [Leaf.Der, TestPki.Intermediate.Der, TestPki.Root.Der];
        byte[] pem = _tools.ToPem(ders);
        byte[] pkcs7 = _tools.ToPkcs7(ders);

        Assert.Equal(ders, Read(pem));
        Assert.Equal(ders, Read(pkcs7));
        Assert.Equal(ders, Read(Encoding.ASCII.GetBytes(Pem.Encode("PKCS7", pkcs7))));
        Assert.Equal([Leaf.Der], Read(Leaf.Der));
        Assert.Equal(ders, Read(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(Encoding.ASCII.GetString(pem))).ToArray()));
    }

    [Fact]
    public void OpenSSL_reads_our_PKCS7_and_we_read_its()
    {
        File.WriteAllBytes(_folder.File("ours.p7b"), _tools.ToPkcs7([Leaf.Der, TestPki.Intermediate.Der]));
        File.WriteAllText(_folder.File("chain.pem"), Peers.OpenSsl(_folder.Path, "pkcs7", "-inform", "DER", "-in", "ours.p7b", "-print_certs"));
        Assert.Equal([Leaf.Der, TestPki.Intermediate.Der], Read(File.ReadAllBytes(_folder.File("chain.pem"))));

        Peers.OpenSsl(_folder.Path, "crl2pkcs7", "-nocrl", "-certfile", "chain.pem", "-outform", "DER", "-out", "theirs.p7b");
        Assert.Equal([Leaf.Der, TestPki.Intermediate.Der], Read(File.ReadAllBytes(_folder.File("theirs.p7b"))));
    }

    [Fact]
    public void A_chain_is_found_in_any_order_and_among_strangers()
    {
        CertificateContent[] candidates =
        [
            TestPki.Root.Content,
            TestPki.Issue("CN=Stranger", TestPki.NewKey(), null).Content,
            Leaf.Content,
            TestPki.Issue(TestPki.Intermediate.Subject, TestPki.NewKey(), TestPki.Root, isAuthority: true).Content,
            TestPki.Intermediate.Content,
        ];

        IReadOnlyList<CertificateContent> chain = _tools.OrderChain(Leaf.Content, candidates);

        Assert.Equal([TestPki.Intermediate.Der, TestPki.Root.Der], chain.Select(c => c.Der));
    }

    [Fact]
    public void A_chain_ends_where_an_issuer_is_missing()
    {
        Assert.Equal([TestPki.Intermediate.Der], _tools.OrderChain(Leaf.Content, [Leaf.Content, TestPki.Intermediate.Content]).Select(c => c.Der));
        Assert.Empty(_tools.OrderChain(Leaf.Content, [TestPki.Root.Content]));
        Assert.Empty(_tools.OrderChain(TestPki.Root.Content, [TestPki.Root.Content, Leaf.Content]));
    }

    [Fact]
    public void Cross_signatures_in_a_circle_end()
    {
        KeyPair keyA = TestPki.NewKey();
        KeyPair keyB = TestPki.NewKey();
        TestPki.Issued selfA = TestPki.Issue("CN=A", keyA, null);
        TestPki.Issued selfB = TestPki.Issue("CN=B", keyB, null);
        TestPki.Issued aByB = TestPki.Issue("CN=A", keyA, selfB, isAuthority: true);
        TestPki.Issued bByA = TestPki.Issue("CN=B", keyB, selfA, isAuthority: true);
        TestPki.Issued leaf = TestPki.Issue("CN=leaf", TestPki.NewKey(), selfA);

        Assert.Equal([aByB.Der, bByA.Der], _tools.OrderChain(leaf.Content, [aByB.Content, bByA.Content]).Select(c => c.Der));
    }

    [Fact]
    public void Of_two_issuers_with_one_key_the_longer_lived_is_taken()
    {
        TestPki.Issued shorter = TestPki.Issue(TestPki.Intermediate.Subject, TestPki.Intermediate.Key, TestPki.Root, isAuthority: true, notAfter: new DateTime(2027, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(TestPki.Intermediate.Der, _tools.OrderChain(Leaf.Content, [shorter.Content, TestPki.Intermediate.Content])[0].Der);
    }

    [Fact]
    public void The_leaf_is_the_one_that_issued_none_of_the_others()
    {
        Assert.Equal(Leaf.Der, _tools.FindLeaf([TestPki.Root.Content, TestPki.Intermediate.Content, Leaf.Content]).Der);
        Assert.Equal(TestPki.Intermediate.Der, _tools.FindLeaf([TestPki.Root.Content, TestPki.Intermediate.Content]).Der);
        Assert.Equal(ErrorIds.CertificateNotFound, Assert.Throws<KeyMaterialException>(() => _tools.FindLeaf([])).ErrorId);
    }

    [Fact]
    public void A_signature_is_only_that_of_its_issuer()
    {
        Assert.True(_tools.IsSignedBy(Leaf.Content, TestPki.Intermediate.Content));
        Assert.False(_tools.IsSignedBy(Leaf.Content, TestPki.Root.Content));
        Assert.True(_tools.IsSignedBy(TestPki.Root.Content, TestPki.Root.Content));
        TestPki.Issued rsa = TestPki.Issue("CN=RSA Root", TestPki.Key("RSA 2048"), null);
        TestPki.Issued edwards = TestPki.Issue("CN=Edwards Root", TestPki.Key("Ed25519"), null);
        Assert.True(_tools.IsSignedBy(TestPki.Issue("CN=x", TestPki.Key("Ed25519"), rsa).Content, rsa.Content));
        Assert.True(_tools.IsSignedBy(TestPki.Issue("CN=x", TestPki.Key("RSA 2048"), edwards).Content, edwards.Content));
        Assert.False(_tools.IsSignedBy(Leaf.Content, rsa.Content));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----")]
    public void What_is_no_certificate_is_refused_by_name(string text)
    {
        KeyMaterialException error = Assert.Throws<KeyMaterialException>(() => _tools.ReadAll(Encoding.ASCII.GetBytes(text), "cert.pem"));

        Assert.Equal(ErrorIds.CertificateUnreadable, error.ErrorId);
        Assert.StartsWith("cert.pem ", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void A_certificate_with_bytes_behind_it_is_refused() => Assert.Throws<KeyMaterialException>(() => _tools.Parse([.. Leaf.Der, 0]));

    [Fact]
    public void Any_bytes_are_certificates_or_one_clear_error()
    {
        byte[] rsa = TestPki.Issue("CN=RSA Root", TestPki.Key("RSA 2048"), null).Der;
        Mangle.Check(
            data =>
            {
                foreach (CertificateContent content in _tools.ReadAll(data, "data"))
                {
                    _tools.IsSignedBy(content, TestPki.Intermediate.Content);
                    _tools.OrderChain(content, [TestPki.Intermediate.Content, TestPki.Root.Content, content]);
                }
            },
            1000,
            Leaf.Der,
            rsa,
            TestPki.Root.Der,
            _tools.ToPkcs7([Leaf.Der, TestPki.Intermediate.Der]),
            _tools.ToPem([Leaf.Der, TestPki.Root.Der]));
    }

    private IEnumerable<byte[]> Read(byte[] data) => _tools.ReadAll(data, "data").Select(c => c.Der);
}
