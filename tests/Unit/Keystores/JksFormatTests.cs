using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Keystores;

public sealed class JksFormatTests : KeystoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override IKeystoreFormat Format { get; } = new JksFormat(new FakeClock());

    public void Dispose() => _folder.Dispose();

    protected override string Stored(string alias) => alias.ToLowerInvariant();

    [Fact]
    public void It_is_not_written_without_a_password() =>
        Assert.Equal(ErrorIds.KeystorePasswordRequired, Assert.Throws<KeyMaterialException>(() => Format.Write([Entry], Options(null))).ErrorId);

    [Fact]
    public void No_entry_makes_an_empty_keystore() => Assert.Empty(RoundTrip([]));

    [Fact]
    public void A_key_without_its_certificate_is_refused() =>
        Assert.Equal(ErrorIds.CertificateNotFound, Assert.Throws<KeyMaterialException>(() => Write([Entry with { Certificates = [] }])).ErrorId);

    [Fact]
    public void Aliases_become_lower_case_and_unique() =>
        Assert.Equal(
            ["web", "web-2", "1", "2"],
            RoundTrip([Entry with { Alias = "Web" }, Entry with { Alias = "WEB" }, Entry with { Alias = "" }, Entry with { Alias = "" }]).Select(e => e.Alias));

    [Fact]
    public void A_chain_without_a_key_is_one_entry_for_each_certificate()
    {
        IReadOnlyList<KeystoreEntry> entries = RoundTrip([Entry with { Key = null, Alias = "web" }]);

        Assert.Equal(["web", "web-2", "web-3"], entries.Select(e => e.Alias));
        Assert.Equal(Entry.Certificates, entries.SelectMany(e => e.Certificates));
    }

    [Fact]
    public void Certificates_alone_are_read_without_a_password() =>
        Assert.Equal([TestPki.Root.Der], Assert.Single(Format.Read(Write([new() { Alias = "root", Certificates = [TestPki.Root.Der] }]), null, "cacerts")).Certificates);

    [Fact]
    public void Keytool_reads_what_we_write()
    {
        KeystoreEntry[] entries =
        [
            TestPki.Entry("Web", key: TestPki.Key("RSA 2048")),
            TestPki.Entry("größe-証明書", key: TestPki.Key("ECDSA P-256")),
            new() { Alias = "partner", Certificates = [TestPki.Root.Der] },
        ];
        File.WriteAllBytes(_folder.File("store.jks"), Format.Write(entries, Options(UnicodePassword)));
        WritePassword();

        string shown = Peers.Keytool(_folder.Path, "-list", "-v", "-storetype", "JKS", "-keystore", "store.jks", "-storepass:file", "password");

        Assert.Contains("Your keystore contains 3 entries", shown, StringComparison.Ordinal);
        Assert.Contains("Alias name: web\n", shown, StringComparison.Ordinal);
        Assert.Contains("Alias name: größe-証明書\n", shown, StringComparison.Ordinal);
        Assert.Equal(2, shown.Split("Entry type: PrivateKeyEntry\nCertificate chain length: 3").Length - 1);
        Assert.Contains("Entry type: trustedCertEntry", shown, StringComparison.Ordinal);
        Assert.Contains("Creation date: Mar 1, 2026", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Keytool_gets_the_key_out_of_what_we_write()
    {
        KeystoreEntry entry = TestPki.Entry("web", key: TestPki.Key("RSA 2048"));
        File.WriteAllBytes(_folder.File("store.jks"), Format.Write([entry], Options("password")));

        Peers.Keytool(
            _folder.Path,
            [.. "-importkeystore -noprompt -srcstoretype JKS -srckeystore store.jks -srcstorepass password -deststoretype PKCS12 -destkeystore store.p12 -deststorepass password".Split(' ')]);

        AssertSame([entry], new Pkcs12Format().Read(File.ReadAllBytes(_folder.File("store.p12")), "password", "store.p12"));
    }

    [Fact]
    public void Keytools_keystore_is_read()
    {
        WritePassword();
        Peers.Keytool(
            _folder.Path,
            [.. "-genkeypair -storetype JKS -keystore store.jks -storepass:file password -keypass:file password -alias größe -keyalg EC -groupname secp256r1 -dname CN=www.contoso.com".Split(' ')]);
        File.WriteAllBytes(_folder.File("root.cer"), TestPki.Root.Der);
        Peers.Keytool(_folder.Path, [.. "-importcert -noprompt -storetype JKS -keystore store.jks -storepass:file password -alias partner -file root.cer".Split(' ')]);
        byte[] data = File.ReadAllBytes(_folder.File("store.jks"));

        IReadOnlyList<KeystoreEntry> entries = Format.Read(data, UnicodePassword, "store.jks");

        Assert.Equal(["größe", "partner"], entries.Select(e => e.Alias).OrderBy(a => a, StringComparer.Ordinal));
        KeystoreEntry key = entries.Single(e => e.Key is not null);
        Assert.Equal("ECDSA P-256", key.Key!.Spec.ToString());
        Assert.Equal(key.Key.SubjectPublicKeyInfo, new CertificateTools().Parse(Assert.Single(key.Certificates)).SubjectPublicKeyInfo);
        Assert.Equal([TestPki.Root.Der], entries.Single(e => e.Key is null).Certificates);
        Assert.Equal(ErrorIds.WrongPassword, Fails(data, "wrong").ErrorId);
    }

    [Fact]
    public void A_key_with_a_password_of_its_own_is_named_so()
    {
        Peers.Keytool(
            _folder.Path,
            [.. "-genkeypair -storetype JKS -keystore store.jks -storepass password -keypass another -alias web -keyalg EC -groupname secp256r1 -dname CN=x".Split(' ')]);

        KeyMaterialException error = Fails(File.ReadAllBytes(_folder.File("store.jks")), "password");

        Assert.Equal(ErrorIds.WrongPassword, error.ErrorId);
        Assert.Contains("not that of the keystore", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_1_is_read()
    {
        JavaOutput output = new();
        output.WriteNumber(JksFormat.Magic);
        output.WriteNumber(1);
        output.WriteNumber(1);
        output.WriteNumber(JksFormat.CertificateEntry);
        output.WriteText("root");
        output.WriteLong(0);
        output.WriteBlock(TestPki.Root.Der);
        byte[] content = output.ToArray();

        KeystoreEntry entry = Assert.Single(Format.Read([.. content, .. JksReader.ComputeDigest("password", content)], "password", "store.jks"));

        Assert.Equal("root", entry.Alias);
        Assert.Equal([TestPki.Root.Der], entry.Certificates);
    }

    [Fact]
    public void A_length_that_is_not_there_is_not_believed()
    {
        byte[] data = [0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, (byte)'a', 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF];
        Assert.Equal(ErrorIds.KeystoreUnreadable, Fails(data, "password").ErrorId);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("größe-証明書-🔑")]
    [InlineData("nul\0inside")]
    public void Java_text_comes_back(string text) => Assert.Equal(text, JavaText.Decode(JavaText.Encode(text)));

    [Fact]
    public void Java_text_has_no_zero_byte() => Assert.Equal(new byte[] { (byte)'a', 0xC0, 0x80 }, JavaText.Encode("a\0"));

    private void WritePassword() => File.WriteAllText(_folder.File("password"), UnicodePassword, new UTF8Encoding(false));
}
