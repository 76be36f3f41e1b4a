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

public sealed class KeystoreReaderTests
{
    private static readonly KeystoreEntry Entry = TestPki.Entry("web");
    private static readonly CertificateTools Certificates = new();
    private static readonly IReadOnlyList<IKeystoreFormat> Formats = [new Pkcs12Format(10), new JksFormat(new FakeClock()), new PemFormat(new KeyTools(), Certificates)];
    private readonly KeystoreReader _reader = new(Formats, new KeyTools(), Certificates);

    [Theory]
    [InlineData(KeystoreType.Pkcs12)]
    [InlineData(KeystoreType.Jks)]
    [InlineData(KeystoreType.Pem)]
    public void Every_format_is_recognised(KeystoreType type)
    {
        byte[] data = Formats.Single(f => f.Type == type).Write([Entry], new KeystoreOptions { Password = "password" });

        KeystoreEntry read = Assert.Single(_reader.Read(data, "password", "store"));

        Assert.Equal(Entry.Key!.Pkcs8, read.Key!.Pkcs8);
        Assert.Equal(Entry.Certificates, read.Certificates);
    }

    [Fact]
    public void One_file_is_recognised_by_one_format_only()
    {
        foreach (IKeystoreFormat writer in Formats)
        {
            byte[] data = writer.Write([Entry], new KeystoreOptions { Password = "password" });
            Assert.Equal([writer.Type], Formats.Where(f => f.Recognizes(data)).Select(f => f.Type));
        }
    }

    [Fact]
    public void A_single_certificate_is_an_entry() => Assert.Equal([Entry.Certificates[0]], Assert.Single(_reader.Read(Entry.Certificates[0], null, "leaf.cer")).Certificates);

    [Fact]
    public void PKCS7_is_put_in_order() =>
        Assert.Equal(
            Entry.Certificates,
            Assert.Single(_reader.Read(Certificates.ToPkcs7([TestPki.Root.Der, Entry.Certificates[0], TestPki.Intermediate.Der]), null, "chain.p7b")).Certificates);

    [Fact]
    public void A_single_key_is_an_entry_without_a_certificate()
    {
        byte[] encrypted = EncryptedKey.Encode(Pbes2.Encrypt(Entry.Key!.Pkcs8, "password", 10));

        foreach (byte[] data in new[] { Entry.Key.Pkcs8, encrypted })
        {
            KeystoreEntry read = Assert.Single(_reader.Read(data, "password", "key.der"));
            Assert.Equal(Entry.Key.Pkcs8, read.Key!.Pkcs8);
            Assert.Empty(read.Certificates);
        }
    }

    [Fact]
    public void An_empty_file_is_named_so() => Assert.Equal(ErrorIds.FileEmpty, Fails([]).ErrorId);

    [Theory]
    [InlineData("<!DOCTYPE html><html>", "HTML")]
    [InlineData("\u00EF\u00BB\u00BF\n <html><body>Sign in", "HTML")]
    [InlineData("name,serial\n1,2", "plain text")]
    [InlineData("0815", "plain text")]
    [InlineData("PuTTY-User-Key-File-3: ssh-ed25519", "PuTTY")]
    [InlineData("PK\u0003\u0004\u0014\0", "ZIP")]
    [InlineData("\u00CE\u00CE\u00CE\u00CE\0\0\0\u0002", "JCEKS")]
    [InlineData("\u0001\u0002\u0003\u0004", "not those of any format")]
    [InlineData("0\u0082\u0010\0\u0030", "cut short")]
    public void What_it_looks_like_instead_is_said(string text, string looks)
    {
        KeyMaterialException error = Fails(text.Select(c => (byte)c).ToArray());

        Assert.Equal(ErrorIds.KeystoreUnreadable, error.ErrorId);
        Assert.Contains(looks, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_request_is_named_in_DER_too()
    {
        byte[] request = new CertificateRequestTools().Create(Entry.Key!, [DomainName.Parse("www.contoso.com")], null, SignatureHash.SHA256);
        Assert.Contains("certificate request", Fails(request).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keytools_JCEKS_is_refused_with_the_way_out()
    {
        using TemporaryFolder folder = new();
        Peers.Keytool(
            folder.Path, [.. "-genkeypair -storetype JCEKS -keystore store.jceks -storepass password -alias web -keyalg EC -groupname secp256r1 -dname CN=x".Split(' ')]);

        KeyMaterialException error = Fails(File.ReadAllBytes(folder.File("store.jceks")));

        Assert.Contains("JCEKS", error.Message, StringComparison.Ordinal);
        Assert.Contains("keytool -importkeystore", error.Remedy!, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_entries_or_one_clear_error() => Mangle.Check(
        data => _reader.Read(data, "password", "data"),
        1000,
        [
            Entry.Certificates[0],
            Certificates.ToPkcs7(Entry.Certificates),
            Entry.Key!.Pkcs8,
            new CertificateRequestTools().Create(Entry.Key, [DomainName.Parse("www.contoso.com")], null, SignatureHash.SHA256),
            Encoding.ASCII.GetBytes("<html>"),
            .. Formats.Take(2).Select(f => f.Write([Entry], new KeystoreOptions { Password = "password" })),
        ]);

    private KeyMaterialException Fails(byte[] data)
    {
        KeyMaterialException error = Assert.Throws<KeyMaterialException>(() => _reader.Read(data, "password", "download.pfx"));
        Assert.StartsWith("download.pfx ", error.Message, StringComparison.Ordinal);
        Assert.Equal("download.pfx", error.Target);
        Assert.NotNull(error.Remedy);
        return error;
    }
}
