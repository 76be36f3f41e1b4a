using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Xunit;

namespace KeyManager.Tests.Keystores;

public sealed class Pkcs12FormatTests : KeystoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // The number of iterations changes nothing but the time.
    protected override IKeystoreFormat Format { get; } = new Pkcs12Format(iterations: 10);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_not_written_without_a_password()
    {
        foreach (string? password in new[] { null, "" })
        {
            Assert.Equal(
                ErrorIds.KeystorePasswordRequired, Assert.Throws<KeyMaterialException>(() => Format.Write([Entry], Options(password))).ErrorId);
        }
    }

    [Fact]
    public void No_entry_makes_an_empty_keystore() => Assert.Empty(RoundTrip([]));

    [Fact]
    public void A_key_alone_comes_back()
    {
        KeystoreEntry[] entries = [Entry with { Certificates = [] }];
        AssertSame(entries, RoundTrip(entries));
    }

    [Fact]
    public void A_certificate_alone_keeps_its_chain()
    {
        KeystoreEntry[] entries = [Entry with { Key = null }];
        AssertSame(entries, RoundTrip(entries));
    }

    [Fact]
    public void One_key_with_an_old_and_a_new_certificate_is_two_entries()
    {
        KeyPair key = TestPki.Key("Ed25519");
        KeystoreEntry[] entries = [TestPki.Entry("old", key: key), TestPki.Entry("new", key: key)];
        AssertSame(entries, RoundTrip(entries));
    }

    [Theory]
    [InlineData(Pkcs12Protection.Auto, "PBES2, PBKDF2, AES-256-CBC, Iteration 50000, PRF hmacWithSHA256", "MAC: sha256, Iteration 50000")]
    [InlineData(Pkcs12Protection.Modern, "PBES2, PBKDF2, AES-256-CBC, Iteration 50000, PRF hmacWithSHA256", "MAC: sha256, Iteration 50000")]
    [InlineData(Pkcs12Protection.Legacy, "pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 4096", "MAC: sha1, Iteration 4096")]
    public void OpenSSL_sees_the_protection_that_was_asked_for(Pkcs12Protection protection, string encryption, string mac)
    {
        File.WriteAllBytes(_folder.File("store.p12"), new Pkcs12Format().Write([Entry], new KeystoreOptions { Password = "password", Pkcs12Protection = protection }));

        string shown = Peers.OpenSsl(_folder.Path, "pkcs12", "-in", "store.p12", "-passin", "pass:password", "-info", "-nodes");

        Assert.Contains(mac, shown, StringComparison.Ordinal);
        Assert.Contains("PKCS7 Encrypted data: " + encryption, shown, StringComparison.Ordinal);
        Assert.Contains("Shrouded Keybag: " + encryption, shown, StringComparison.Ordinal);
        Assert.Contains("friendlyName: www.contoso.com", shown, StringComparison.Ordinal);
        Assert.Equal(3, shown.Split("-----BEGIN CERTIFICATE-----").Length - 1);
        Assert.Contains("-----BEGIN PRIVATE KEY-----", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_provider_that_is_to_keep_the_key_on_Windows_is_named_at_the_key()
    {
        const string Provider = "Microsoft Software Key Storage Provider";
        byte[] written = Format.Write([Entry], new KeystoreOptions { Password = "password", Pkcs12Protection = Pkcs12Protection.Legacy, KeyProvider = Provider });
        File.WriteAllBytes(_folder.File("store.p12"), written);
        string shown = Peers.OpenSsl(_folder.Path, "pkcs12", "-in", "store.p12", "-passin", "pass:password", "-info", "-nodes");
        Assert.Contains($"Microsoft CSP Name: {Provider}", shown, StringComparison.Ordinal);
        Assert.Equal(2, shown.Split(Provider).Length); // once: the certificates have no provider
        Assert.Equal(Entry.Key!.Pkcs8, Assert.Single(Format.Read(written, "password", "store.p12")).Key!.Pkcs8);
    }

    [Theory]
    [InlineData(Pkcs12Protection.Modern)]
    [InlineData(Pkcs12Protection.Legacy)]
    public void OpenSSL_opens_it_with_any_letters_in_the_password(Pkcs12Protection protection)
    {
        File.WriteAllBytes(_folder.File("store.p12"), Format.Write([Entry], new KeystoreOptions { Password = UnicodePassword, Pkcs12Protection = protection }));
        WritePassword();

        string pem = Peers.OpenSsl(_folder.Path, "pkcs12", "-in", "store.p12", "-passin", "file:password", "-nodes");

        Assert.Equal(Entry.Key!.Pkcs8, new KeyTools().Read(Encoding.UTF8.GetBytes(pem), null, "pem").Pkcs8);
        Assert.Equal(Entry.Certificates, new CertificateTools().ReadAll(Encoding.UTF8.GetBytes(pem), "pem").Select(c => c.Der));
    }

#if NET // .NET Framework cannot read PKCS#12 without leaving keys behind
    [Theory]
    [InlineData(Pkcs12Protection.Modern)]
    [InlineData(Pkcs12Protection.Legacy)]
    public void The_framework_opens_it_with_any_letters_in_the_password(Pkcs12Protection protection)
    {
        KeystoreEntry rsa = TestPki.Entry("web", key: TestPki.Key("RSA 2048"));
        byte[] data = Format.Write([rsa], new KeystoreOptions { Password = UnicodePassword, Pkcs12Protection = protection });

        X509Certificate2Collection collection = X509CertificateLoader.LoadPkcs12Collection(data, UnicodePassword);

        Assert.Equal(rsa.Certificates.OrderBy(Convert.ToBase64String), collection.Select(c => c.RawData).OrderBy(Convert.ToBase64String));
        Assert.True(collection.Single(c => c.RawData.SequenceEqual(rsa.Certificates[0])).HasPrivateKey);
    }
#endif

    [Theory]
    [InlineData("")]
    [InlineData("-legacy")]
    [InlineData("-nomac")]
    [InlineData("-macalg sha1")]
    [InlineData("-macalg sha384")]
    [InlineData("-macalg sha512")]
    [InlineData("-certpbe NONE")]
    [InlineData("-keypbe NONE -certpbe NONE")]
    [InlineData("-keypbe NONE -certpbe NONE -nomac")]
    [InlineData("-keypbe aes-128-cbc -certpbe aes-192-cbc")]
    [InlineData("-keypbe des-ede3-cbc -certpbe des-ede3-cbc")]
    [InlineData("-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg sha1 -legacy")]
    [InlineData("-keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC2-128 -legacy")]
    [InlineData("-iter 1")]
    [InlineData("-caname one -caname two")]
    public void Every_form_that_OpenSSL_writes_is_read(string options)
    {
        WritePassword();
        WritePems();
        Peers.OpenSsl(
            _folder.Path,
            [.. "pkcs12 -export -inkey key.pem -in leaf.pem -certfile chain.pem -out store.p12 -passout file:password -name größe".Split(' '), .. Words(options)]);

        KeystoreEntry read = Assert.Single(Format.Read(File.ReadAllBytes(_folder.File("store.p12")), UnicodePassword, "store.p12"));

        AssertSame([Entry with { Alias = "größe" }], [read]);
        if (!options.Contains("NONE", StringComparison.Ordinal))
        {
            Assert.Equal(ErrorIds.WrongPassword, Fails(File.ReadAllBytes(_folder.File("store.p12")), "wrong").ErrorId);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-legacy")]
    [InlineData("-nomac -legacy")]
    public void No_password_opens_what_has_an_empty_one(string options)
    {
        WritePems();
        Peers.OpenSsl(
            _folder.Path, [.. "pkcs12 -export -inkey key.pem -in leaf.pem -certfile chain.pem -out store.p12 -passout pass: -name web".Split(' '), .. Words(options)]);
        byte[] data = File.ReadAllBytes(_folder.File("store.p12"));

        AssertSame([Entry with { Alias = "web" }], Format.Read(data, null, "store.p12"));
        AssertSame([Entry with { Alias = "web" }], Format.Read(data, "", "store.p12"));
        Assert.Equal(ErrorIds.WrongPassword, Fails(data, "password").ErrorId);
    }

#if NET // .NET Framework has no way to make such a key
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("password")]
    public void What_the_framework_exports_is_read(string? password)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(TestPki.Issue("CN=rsa", TestPki.Key("RSA 2048"), TestPki.Intermediate).Der);
        using System.Security.Cryptography.RSA rsa = System.Security.Cryptography.RSA.Create();
        rsa.ImportPkcs8PrivateKey(TestPki.Key("RSA 2048").Pkcs8, out _);
        using X509Certificate2 withKey = certificate.CopyWithPrivateKey(rsa);

        KeystoreEntry entry = Assert.Single(Format.Read(withKey.Export(X509ContentType.Pkcs12, password), password, "store.pfx"));

        Assert.Equal(TestPki.Key("RSA 2048").Pkcs8, entry.Key!.Pkcs8);
        Assert.Equal([certificate.RawData], entry.Certificates);
    }
#endif

    [Fact]
    public void What_old_Windows_writes_is_read()
    {
        // BouncyCastle's own writer makes the same: 3DES for the key, 40 bits of RC2 for the certificates, SHA-1, BER.
        Pkcs12Store store = new Pkcs12StoreBuilder().SetUseDerEncoding(false).Build();
        X509CertificateEntry[] chain = Entry.Certificates.Select(c => new X509CertificateEntry(new X509CertificateParser().ReadCertificate(c))).ToArray();
        store.SetKeyEntry("{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", new AsymmetricKeyEntry(PrivateKeyFactory.CreateKey(Entry.Key!.Pkcs8)), chain);
        using MemoryStream stream = new();
        store.Save(stream, UnicodePassword.ToCharArray(), new SecureRandom());

        Assert.True(Format.Recognizes(stream.ToArray()));
        AssertSame([Entry with { Alias = "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}" }], Format.Read(stream.ToArray(), UnicodePassword, "store.pfx"));
    }

    [Fact]
    public void A_MAC_of_the_new_kind_is_named()
    {
        AsnReader pfx = new AsnReader(Write([Entry]), AsnEncodingRules.DER).ReadSequence();
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(pfx.ReadEncodedValue().Span);
            writer.WriteEncodedValue(pfx.ReadEncodedValue().Span);
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    Der.WriteAlgorithm(writer, Oids.Pbmac1, withNull: true);
                    writer.WriteOctetString(new byte[32]);
                }

                writer.WriteOctetString(new byte[8]);
            }
        }

        KeyMaterialException error = Fails(writer.Encode(), "password");

        Assert.Equal(ErrorIds.KeystoreUnreadable, error.ErrorId);
        Assert.Contains("PBMAC1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_in_the_wrong_order_is_put_right()
    {
        byte[] data = Write([Entry with { Certificates = [Entry.Certificates[0], TestPki.Root.Der, TestPki.Intermediate.Der] }]);
        AssertSame([Entry], Format.Read(data, "password", "store"));
    }

    [Fact]
    public void A_key_that_belongs_to_none_of_the_certificates_is_named()
    {
        KeyMaterialException error = Fails(Write([Entry with { Key = TestPki.Key("Ed25519") }]), "password");

        Assert.Equal(ErrorIds.KeyMismatch, error.ErrorId);
        Assert.Contains("CN=www.contoso.com", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weak_key_is_named_so()
    {
        Peers.OpenSsl(_folder.Path, [.. "req -x509 -newkey rsa:1024 -nodes -keyout key.pem -out cert.pem -subj /CN=weak".Split(' ')]);
        Peers.OpenSsl(_folder.Path, [.. "pkcs12 -export -inkey key.pem -in cert.pem -out store.p12 -passout pass:password".Split(' ')]);

        KeyMaterialException error = Fails(File.ReadAllBytes(_folder.File("store.p12")), "password");

        Assert.Equal(ErrorIds.KeyTooWeak, error.ErrorId);
        Assert.Contains("1024 bits", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Pkcs12Protection.Modern)]
    [InlineData(Pkcs12Protection.Legacy)]
    public void Keytool_reads_keys_and_trusted_certificates(Pkcs12Protection protection)
    {
        KeystoreEntry[] entries =
        [
            TestPki.Entry("web", key: TestPki.Key("RSA 2048")),
            TestPki.Entry("größe-証明書", key: TestPki.Key("ECDSA P-256")),
            new() { Alias = "partner", Certificates = [TestPki.Root.Der] },
        ];
        File.WriteAllBytes(
            _folder.File("store.p12"), new Pkcs12Format().Write(entries, new KeystoreOptions { Password = "password", Pkcs12Protection = protection }));

        string shown = Peers.Keytool(_folder.Path, "-list", "-v", "-keystore", "store.p12", "-storepass", "password");

        Assert.Contains("Your keystore contains 3 entries", shown, StringComparison.Ordinal);
        Assert.Equal(2, shown.Split("Entry type: PrivateKeyEntry\nCertificate chain length: 3").Length - 1);
        Assert.Contains("Alias name: größe-証明書\n", shown, StringComparison.Ordinal);
        Assert.Contains("Alias name: partner\n", shown, StringComparison.Ordinal);
        Assert.Contains("Entry type: trustedCertEntry", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Keytools_keystore_is_read()
    {
        Peers.Keytool(
            _folder.Path,
            [.. "-genkeypair -keystore store.p12 -storepass password -alias web -keyalg EC -groupname secp384r1 -dname CN=www.contoso.com -ext san=dns:www.contoso.com".Split(' ')]);
        File.WriteAllBytes(_folder.File("root.cer"), TestPki.Root.Der);
        Peers.Keytool(_folder.Path, [.. "-importcert -noprompt -keystore store.p12 -storepass password -alias partner -file root.cer".Split(' ')]);

        IReadOnlyList<KeystoreEntry> entries = Format.Read(File.ReadAllBytes(_folder.File("store.p12")), "password", "store.p12");

        Assert.Equal(["web", "partner"], entries.Select(e => e.Alias));
        Assert.Equal("ECDSA P-384", entries[0].Key!.Spec.ToString());
        Assert.Equal(entries[0].Key!.SubjectPublicKeyInfo, new CertificateTools().Parse(Assert.Single(entries[0].Certificates)).SubjectPublicKeyInfo);
        Assert.Equal([TestPki.Root.Der], entries[1].Certificates);
        Assert.Null(entries[1].Key);
    }

    [Fact]
    public void Two_thousand_nested_safes_end_in_an_error_and_not_the_process()
    {
        byte[] nested = [0x30, 0x00];
        for (int i = 0; i < 2000; i++)
        {
            AsnWriter writer = new(AsnEncodingRules.DER);
            using (writer.PushSequence())
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.SafeContentsBag);
                using (writer.PushSequence(Der.Tag(0)))
                {
                    writer.WriteEncodedValue(nested);
                }
            }

            nested = writer.Encode();
        }

        AsnWriter safes = new(AsnEncodingRules.DER);
        using (safes.PushSequence())
        {
            WriteData(safes, nested);
        }

        AsnWriter pfx = new(AsnEncodingRules.DER);
        using (pfx.PushSequence())
        {
            pfx.WriteInteger(3);
            WriteData(pfx, safes.Encode());
        }

        Assert.Empty(Format.Read(pfx.Encode(), null, "store.p12"));
    }

    protected override IEnumerable<byte[]> Samples()
    {
        byte[] data = Write([Entry, new() { Alias = "partner", Certificates = [TestPki.Root.Der] }]);

        // The MAC turns most changes away at the door; without it they reach the rest of the reader.
        AsnReader pfx = new AsnReader(data, AsnEncodingRules.DER).ReadSequence();
        AsnWriter withoutMac = new(AsnEncodingRules.DER);
        using (withoutMac.PushSequence())
        {
            withoutMac.WriteEncodedValue(pfx.ReadEncodedValue().Span);
            withoutMac.WriteEncodedValue(pfx.ReadEncodedValue().Span);
        }

        return [data, withoutMac.Encode(), withoutMac.Encode(), Format.Write([Entry], new KeystoreOptions { Password = "password", Pkcs12Protection = Pkcs12Protection.Legacy })];
    }

    private static IEnumerable<string> Words(string options) => options.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static void WriteData(AsnWriter writer, byte[] content)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Pkcs7Data);
            using (writer.PushSequence(Der.Tag(0)))
            {
                writer.WriteOctetString(content);
            }
        }
    }

    private void WritePassword() => File.WriteAllText(_folder.File("password"), UnicodePassword, new UTF8Encoding(false));

    private void WritePems()
    {
        CertificateTools certificates = new();
        File.WriteAllBytes(_folder.File("key.pem"), new KeyTools().ToPem(Entry.Key!, null));
        File.WriteAllBytes(_folder.File("leaf.pem"), certificates.ToPem(Entry.Certificates.Take(1)));
        File.WriteAllBytes(_folder.File("chain.pem"), certificates.ToPem(Entry.Certificates.Skip(1)));
    }
}
