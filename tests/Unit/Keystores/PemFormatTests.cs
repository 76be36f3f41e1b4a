using System;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Providers.Keystores;
using KeyManager.Tests.Support;
using Xunit;

namespace KeyManager.Tests.Keystores;

public sealed class PemFormatTests : KeystoreContract
{
    protected override IKeystoreFormat Format { get; } = new PemFormat(new QuickKeys(), new CertificateTools());

    protected override string Stored(string alias) => "";

    // Cut behind a block, what is left is a file with fewer of them; the first characters of a next one are text that is passed over.
    protected override bool IsWhole(byte[] part)
    {
        string text = Encoding.ASCII.GetString(part);
        int end = text.LastIndexOf("-----END ", StringComparison.Ordinal);
        int close = end < 0 ? -1 : text.IndexOf("-----", end + 9, StringComparison.Ordinal);
        return close >= 0 && "-----BEGIN ".StartsWith(text.Substring(close + 5).Trim('\n'), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_password_the_key_is_in_the_clear()
    {
        byte[] data = Format.Write([Entry], Options(null));

        Assert.StartsWith("-----BEGIN PRIVATE KEY-----\n", Encoding.ASCII.GetString(data), StringComparison.Ordinal);
        AssertSame([Entry], Format.Read(data, null, "store.pem"));
    }

    [Fact]
    public void Blocks_in_any_order_become_entries()
    {
        KeystoreEntry other = TestPki.Entry("", "mail.contoso.com", TestPki.Key("Ed25519"));
        byte[][] blocks =
        [
            [.. Encoding.ASCII.GetBytes("subject=Test Root\n"), .. new CertificateTools().ToPem([TestPki.Root.Der, other.Certificates[0]])],
            new KeyTools().ToPem(Entry.Key!, null),
            Encoding.ASCII.GetBytes(Pem.Encode("PKCS7", new CertificateTools().ToPkcs7([TestPki.Intermediate.Der, Entry.Certificates[0]]))),
            new KeyTools().ToPem(other.Key!, null),
        ];

        AssertSame([Entry, other], Format.Read(blocks.SelectMany(b => b).ToArray(), null, "bundle.pem"));
    }

    [Fact]
    public void Certificates_without_keys_become_one_entry_for_each_chain()
    {
        byte[] stranger = TestPki.Issue("CN=Stranger", TestPki.Key("Ed25519"), null).Der;
        byte[] data = new CertificateTools().ToPem([TestPki.Root.Der, TestPki.Intermediate.Der, stranger, Entry.Certificates[0]]);

        Assert.Equal([[stranger], Entry.Certificates], Format.Read(data, null, "bundle.pem").Select(e => e.Certificates));
    }

    [Fact]
    public void A_key_with_the_certificate_of_another_is_named()
    {
        byte[] data = [.. new KeyTools().ToPem(TestPki.Key("Ed25519"), null), .. new CertificateTools().ToPem([Entry.Certificates[0]])];
        Assert.Equal(ErrorIds.KeyMismatch, Fails(data, null).ErrorId);
    }

    [Fact]
    public void A_key_with_only_authorities_stays_a_key()
    {
        byte[] data = [.. new KeyTools().ToPem(TestPki.Key("Ed25519"), null), .. new CertificateTools().ToPem([TestPki.Root.Der])];
        Assert.Equal([0, 1], Format.Read(data, null, "bundle.pem").Select(e => e.Certificates.Count));
    }

    [Fact]
    public void A_certificate_request_is_named()
    {
        KeyMaterialException error = Fails(Encoding.ASCII.GetBytes(Pem.Encode("CERTIFICATE REQUEST", [0x30, 0])), null);
        Assert.Equal(ErrorIds.KeystoreUnreadable, error.ErrorId);
        Assert.Contains("certificate request", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The same files, but with so few iterations that hundreds can be written in a second.</summary>
    private sealed class QuickKeys : IKeyTools
    {
        private readonly KeyTools _inner = new();

        public KeyPair Generate(KeySpec spec) => _inner.Generate(spec);

        public KeyPair Read(byte[] data, string? password, string source) => _inner.Read(data, password, source);

        public KeyPair FromPkcs8(byte[] pkcs8) => _inner.FromPkcs8(pkcs8);

        public byte[] ToPem(KeyPair key, string? password) => password is null
            ? _inner.ToPem(key, null)
            : Encoding.ASCII.GetBytes(Pem.Encode("ENCRYPTED PRIVATE KEY", EncryptedKey.Encode(Pbes2.Encrypt(key.Pkcs8, password, 10))));
    }
}
