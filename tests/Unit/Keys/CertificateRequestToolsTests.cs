using System;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Keys;

public sealed class CertificateRequestToolsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CertificateRequestTools _tools = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("RSA 2048", SignatureHash.SHA256, "SHA256withRSA")]
    [InlineData("RSA 2048", SignatureHash.SHA512, "SHA512withRSA")]
    [InlineData("ECDSA P-256", SignatureHash.SHA256, "SHA256withECDSA")]
    [InlineData("ECDSA P-384", SignatureHash.SHA384, "SHA384withECDSA")]
    [InlineData("ECDSA P-521", SignatureHash.SHA512, "SHA512withECDSA")]
    [InlineData("Ed25519", SignatureHash.SHA256, "Ed25519")]
    public void OpenSSL_verifies_a_request_of_every_kind_of_key(string kind, SignatureHash hash, string algorithm)
    {
        byte[] der = _tools.Create(TestPki.Key(kind), Names("www.contoso.com"), null, hash);

        Assert.Contains("verify OK", Show(der), StringComparison.Ordinal);
        CertificateRequestContent content = _tools.Read(der, "request.csr");
        Assert.Equal(kind, content.KeySpec.ToString());
        Assert.Equal(algorithm, content.SignatureAlgorithm);
        Assert.Equal(TestPki.Key(kind).SubjectPublicKeyInfo, content.SubjectPublicKeyInfo);
    }

    [Fact]
    public void All_names_are_alternative_names_and_the_first_is_the_common_name()
    {
        byte[] der = Create("bücher.example", "*.contoso.com", "192.0.2.7", "2001:db8::1");

        string shown = Show(der);

        Assert.Contains("Subject: CN = xn--bcher-kva.example\n", shown, StringComparison.Ordinal);
        Assert.Contains("X509v3 Subject Alternative Name: \n", shown, StringComparison.Ordinal);
        Assert.Contains("DNS:xn--bcher-kva.example, DNS:*.contoso.com, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:1", shown, StringComparison.Ordinal);
        Assert.Equal(Names("bücher.example", "*.contoso.com", "192.0.2.7", "2001:db8::1"), _tools.Read(der, "csr").DomainNames);
    }

    [Fact]
    public void A_name_of_65_characters_leaves_the_common_name_to_the_next()
    {
        string longName = new string('a', 57) + ".example";
        Assert.Equal(65, longName.Length);

        Assert.Equal("CN=www.contoso.com", _tools.Read(Create(longName, "www.contoso.com"), "csr").Subject);
        Assert.Equal("CN=" + longName.Substring(1), _tools.Read(Create(longName.Substring(1)), "csr").Subject);
    }

    [Theory]
    [InlineData("192.0.2.7")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.contoso.com")]
    public void Without_a_common_name_the_subject_is_empty_and_the_names_are_critical(string name)
    {
        byte[] der = Create(name);

        Assert.Contains("X509v3 Subject Alternative Name: critical", Show(der), StringComparison.Ordinal);
        Assert.Equal("", _tools.Read(der, "csr").Subject);
        Assert.Equal(Names(name), _tools.Read(der, "csr").DomainNames);
    }

    [Fact]
    public void An_organization_stands_in_the_subject_of_a_request_for_addresses()
    {
        byte[] der = _tools.Create(TestPki.Key("Ed25519"), Names("192.0.2.7"), new SubjectName { Organization = "Contoso" }, SignatureHash.SHA256);

        Assert.Contains("X509v3 Subject Alternative Name: \n", Show(der), StringComparison.Ordinal);
        Assert.Equal("O=Contoso", _tools.Read(der, "csr").Subject);
    }

    [Fact]
    public void Every_part_of_the_subject_arrives()
    {
        SubjectName subject = new()
        {
            CommonName = "contoso.com",
            Organization = "Müller, Söhne & Co.",
            OrganizationalUnits = ["IT", "Web"],
            Locality = "東京",
            State = "Bayern",
            Country = "de",
            Email = "admin@contoso.com",
        };

        byte[] der = _tools.Create(TestPki.Key("ECDSA P-256"), Names("www.contoso.com"), subject, SignatureHash.SHA256);

        Assert.Equal(
            "emailAddress=admin@contoso.com,CN=contoso.com,OU=Web,OU=IT,O=Müller\\, Söhne & Co.,L=東京,ST=Bayern,C=DE", _tools.Read(der, "csr").Subject);
        Assert.Equal(Names("contoso.com", "www.contoso.com"), _tools.Read(der, "csr").DomainNames);
        File.WriteAllBytes(_folder.File("csr"), der);
        Assert.Contains(
            "emailAddress=admin@contoso.com,CN=contoso.com,OU=Web,OU=IT,O=Müller\\, Söhne & Co.,L=東京,ST=Bayern,C=DE",
            Peers.OpenSsl(_folder.Path, "req", "-inform", "DER", "-in", "csr", "-noout", "-subject", "-nameopt", "RFC2253,-esc_msb,utf8"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Germany", "", "Germany")]
    [InlineData("D1", "", "D1")]
    [InlineData("DE", "organization", "longer than 64")]
    public void A_subject_that_no_authority_takes_is_refused(string country, string tooLong, string reason)
    {
        SubjectName subject = new() { Country = country, Organization = tooLong.Length > 0 ? new string('x', 65) : null };

        InvalidRequestException error = Assert.Throws<InvalidRequestException>(
            () => _tools.Create(TestPki.Key("Ed25519"), Names("www.contoso.com"), subject, SignatureHash.SHA256));

        Assert.Equal(ErrorIds.InvalidParameter, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_for_nothing_is_refused() =>
        Assert.Throws<InvalidRequestException>(() => _tools.Create(TestPki.Key("Ed25519"), [], null, SignatureHash.SHA256));

    [Theory]
    [InlineData("req -new -key key.pem -subj /CN=www.contoso.com -addext subjectAltName=DNS:www.contoso.com,DNS:contoso.com,email:a@contoso.com,IP:192.0.2.7")]
    [InlineData("req -new -newhdr -key key.pem -subj /CN=www.contoso.com -addext subjectAltName=DNS:contoso.com,IP:192.0.2.7")]
    [InlineData("req -new -outform DER -key key.pem -subj /CN=www.contoso.com -addext subjectAltName=DNS:contoso.com,IP:192.0.2.7")]
    [InlineData("req -new -sha1 -key key.pem -subj /CN=www.contoso.com -addext subjectAltName=DNS:contoso.com,IP:192.0.2.7")]
    [InlineData("req -new -sigopt rsa_padding_mode:pss -sha384 -key key.pem -subj /CN=www.contoso.com -addext subjectAltName=DNS:contoso.com,IP:192.0.2.7")]
    public void Requests_of_OpenSSL_are_read(string command)
    {
        File.WriteAllBytes(_folder.File("key.pem"), new KeyTools().ToPem(TestPki.Key("RSA 2048"), null));
        Peers.OpenSsl(_folder.Path, [.. command.Split(' '), "-out", "csr"]);

        CertificateRequestContent content = _tools.Read(File.ReadAllBytes(_folder.File("csr")), "csr");

        Assert.Equal(Names("www.contoso.com", "contoso.com", "192.0.2.7"), content.DomainNames);
        Assert.Equal(TestPki.Key("RSA 2048").SubjectPublicKeyInfo, content.SubjectPublicKeyInfo);
        Assert.Equal(
            command.Contains("pss", StringComparison.Ordinal) ? "SHA384withRSAandMGF1" : command.Contains("sha1", StringComparison.Ordinal) ? "SHA1withRSA" : "SHA256withRSA",
            content.SignatureAlgorithm);
    }

    [Theory]
    [InlineData("rsa:1024", "1024 bits")]
    [InlineData("ec -pkeyopt ec_paramgen_curve:secp256k1", "secp256k1")]
    public void A_request_with_a_weak_key_is_refused(string newKey, string reason)
    {
        Peers.OpenSsl(_folder.Path, [.. $"req -new -nodes -keyout key.pem -subj /CN=www.contoso.com -out csr -newkey {newKey}".Split(' ')]);

        KeyMaterialException error = Assert.Throws<KeyMaterialException>(() => _tools.Read(File.ReadAllBytes(_folder.File("csr")), "csr"));

        Assert.Equal(ErrorIds.KeyTooWeak, error.ErrorId);
        Assert.StartsWith("csr holds", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void A_changed_request_is_refused()
    {
        byte[] der = Create("www.contoso.com");
        int at = Encoding.ASCII.GetString(der).IndexOf("www.contoso.com", StringComparison.Ordinal);
        der[at] = (byte)'v';

        Assert.Contains("signature", AssertUnreadable(der).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_in_place_of_a_request_is_named() =>
        Assert.Contains("CERTIFICATE", AssertUnreadable(Encoding.ASCII.GetBytes(Pem.Encode("CERTIFICATE", TestPki.Root.Der))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_certificate_in_DER_is_no_request() => AssertUnreadable(TestPki.Root.Der);

    [Fact]
    public void Nothing_is_no_request() => AssertUnreadable([]);

    [Fact]
    public void Any_bytes_are_a_request_or_one_clear_error() => Mangle.Check(
        data => _tools.Read(data, "data"),
        600,
        Create("www.contoso.com", "192.0.2.7"),
        _tools.Create(TestPki.Key("RSA 2048"), Names("www.contoso.com"), new SubjectName { Organization = "Contoso" }, SignatureHash.SHA256),
        Encoding.ASCII.GetBytes(Pem.Encode("CERTIFICATE REQUEST", Create("www.contoso.com"))));

    private static DomainName[] Names(params string[] names) => names.Select(n => DomainName.Parse(n)).ToArray();

    private byte[] Create(params string[] names) => _tools.Create(TestPki.Key("ECDSA P-256"), Names(names), null, SignatureHash.SHA256);

    private string Show(byte[] der)
    {
        File.WriteAllBytes(_folder.File("request.der"), der);
        return Peers.OpenSsl(_folder.Path, "req", "-inform", "DER", "-in", "request.der", "-verify", "-noout", "-text");
    }

    private KeyMaterialException AssertUnreadable(byte[] data)
    {
        KeyMaterialException error = Assert.Throws<KeyMaterialException>(() => _tools.Read(data, "C:\\request.csr"));
        Assert.Equal(ErrorIds.CsrUnreadable, error.ErrorId);
        Assert.StartsWith("C:\\request.csr ", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        return error;
    }
}
