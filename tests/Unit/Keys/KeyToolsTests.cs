using System;
using System.Formats.Asn1;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Providers.Keys;
using KeyManager.Tests.Support;
using Org.BouncyCastle.Math;
using Xunit;

namespace KeyManager.Tests.Keys;

public sealed class KeyToolsTests : IDisposable
{
    private const string Password = "пароль-Ünïcode-日本";
    private readonly TemporaryFolder _folder = new();
    private readonly KeyTools _tools = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("RSA 2048")]
    [InlineData("ECDSA P-256")]
    [InlineData("ECDSA P-384")]
    [InlineData("ECDSA P-521")]
    [InlineData("Ed25519")]
    public void OpenSSL_reads_a_new_key_and_agrees_on_its_public_half(string kind)
    {
        KeyPair key = TestPki.Key(kind);
        File.WriteAllBytes(_folder.File("key.pem"), _tools.ToPem(key, null));

        Peers.OpenSsl(_folder.Path, "pkey", "-in", "key.pem", "-check", "-noout");
        Peers.OpenSsl(_folder.Path, "pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "public.der");

        Assert.Equal(kind, key.Spec.ToString());
        Assert.Equal(key.SubjectPublicKeyInfo, File.ReadAllBytes(_folder.File("public.der")));
    }

    [Fact]
    public void RSA_in_managed_code_gives_the_length_asked_for()
    {
        PrivateKey key = KeyGenerator.GenerateManagedRsa(2048);

        Assert.Equal("RSA 2048", key.Spec.ToString());
        Assert.Equal(key.SubjectPublicKeyInfo, _tools.FromPkcs8(key.Pkcs8).SubjectPublicKeyInfo);
    }

    [Fact]
    public void Two_new_keys_are_different() => Assert.NotEqual(TestPki.NewKey().SubjectPublicKeyInfo, TestPki.NewKey().SubjectPublicKeyInfo);

    [Theory]
    [InlineData("RSA 2048")]
    [InlineData("ECDSA P-521")]
    [InlineData("Ed25519")]
    public void An_encrypted_key_opens_with_its_password_here_and_in_OpenSSL(string kind)
    {
        KeyPair key = TestPki.Key(kind);
        byte[] pem = _tools.ToPem(key, Password);

        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", Encoding.ASCII.GetString(pem), StringComparison.Ordinal);
        Assert.Equal(key.Pkcs8, _tools.Read(pem, Password, "key.pem").Pkcs8);

        File.WriteAllBytes(_folder.File("key.pem"), pem);
        File.WriteAllText(_folder.File("password"), Password, new UTF8Encoding(false));
        Peers.OpenSsl(_folder.Path, "pkcs8", "-in", "key.pem", "-passin", "file:password", "-out", "plain.pem");
        Assert.Equal(key.Pkcs8, _tools.Read(File.ReadAllBytes(_folder.File("plain.pem")), null, "plain.pem").Pkcs8);
    }

    [Theory]
    [InlineData("rsa -in rsa.pem -traditional")]
    [InlineData("rsa -in rsa.pem -traditional -aes256 -passout file:password")]
    [InlineData("rsa -in rsa.pem -outform DER -traditional")]
    [InlineData("pkey -in rsa.pem -outform DER")]
    [InlineData("ec -in ec.pem")]
    [InlineData("ec -in ec.pem -aes128 -passout file:password")]
    [InlineData("ec -in ec.pem -des3 -passout file:password")]
    [InlineData("ec -in ec.pem -no_public")]
    [InlineData("ec -in ec.pem -conv_form compressed")]
    [InlineData("ec -in ec.pem -outform DER")]
    [InlineData("pkcs8 -topk8 -in ec.pem -nocrypt")]
    [InlineData("pkcs8 -topk8 -in ec.pem -nocrypt -outform DER")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -outform DER")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v2 aes-128-cbc -v2prf hmacWithSHA1")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v2 aes-192-cbc -v2prf hmacWithSHA512")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v2 des3 -v2prf hmacWithSHA384")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v2 des -v2prf hmacWithSHA224 -provider legacy -provider default")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v2 rc2-cbc -provider legacy -provider default")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -scrypt")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v1 PBE-SHA1-3DES")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v1 PBE-SHA1-2DES")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v1 PBE-SHA1-RC2-40 -provider legacy -provider default")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v1 PBE-SHA1-RC2-128 -provider legacy -provider default")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v1 PBE-SHA1-RC4-128 -provider legacy -provider default")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v1 PBE-MD5-DES -provider legacy -provider default")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v1 PBE-SHA1-DES -provider legacy -provider default")]
    [InlineData("pkcs8 -topk8 -in ec.pem -passout file:password -v1 PBE-MD5-RC2-64 -provider legacy -provider default")]
    [InlineData("pkey -in ed25519.pem")]
    [InlineData("pkcs8 -topk8 -in ed25519.pem -passout file:password")]
    public void Every_form_that_OpenSSL_writes_is_read(string command)
    {
        KeyPair key = TestPki.Key(command.Contains("rsa.pem", StringComparison.Ordinal) ? "RSA 2048" : command.Contains("ec.pem", StringComparison.Ordinal) ? "ECDSA P-384" : "Ed25519");
        string input = command.Split(' ').First(w => w.EndsWith(".pem", StringComparison.Ordinal));
        File.WriteAllBytes(_folder.File(input), _tools.ToPem(key, null));
        File.WriteAllText(_folder.File("password"), Password, new UTF8Encoding(false));

        Peers.OpenSsl(_folder.Path, [.. command.Split(' '), "-out", "out"]);
        KeyPair read = _tools.Read(File.ReadAllBytes(_folder.File("out")), Password, "out");

        Assert.Equal(key.Pkcs8, read.Pkcs8);
        Assert.Equal(key.SubjectPublicKeyInfo, read.SubjectPublicKeyInfo);
    }

    [Theory]
    [InlineData("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024", ErrorIds.KeyTooWeak, "1024 bits")]
    [InlineData("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1", ErrorIds.KeyTooWeak, "secp256k1")]
    [InlineData("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1", ErrorIds.KeyTooWeak, "brainpoolP256r1")]
    [InlineData("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit", ErrorIds.PrivateKeyUnreadable, "curve by numbers")]
    [InlineData("genpkey -algorithm Ed448", ErrorIds.PrivateKeyUnreadable, "Ed448")]
    [InlineData("genpkey -algorithm X25519", ErrorIds.PrivateKeyUnreadable, "X25519")]
    public void A_key_that_no_authority_signs_is_refused_with_the_reason(string command, string errorId, string reason)
    {
        Peers.OpenSsl(_folder.Path, [.. command.Split(' '), "-out", "key.pem"]);

        KeyMaterialException error = Assert.Throws<KeyMaterialException>(() => _tools.Read(File.ReadAllBytes(_folder.File("key.pem")), null, "key.pem"));

        Assert.Equal(errorId, error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("key.pem ", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void A_wrong_password_is_named_so() => AssertFails(ErrorIds.WrongPassword, _tools.ToPem(TestPki.Key("Ed25519"), "right"), "wrong");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void An_encrypted_key_without_a_password_asks_for_one(string? password) =>
        AssertFails(ErrorIds.KeystorePasswordRequired, _tools.ToPem(TestPki.Key("Ed25519"), "right"), password);

    [Fact]
    public void Two_thousand_wrong_passwords_are_all_wrong()
    {
        // With one in 256 the padding looks right; then the content must tell.
        (byte[] algorithm, byte[] data) = Pbes2.Encrypt(TestPki.Key("ECDSA P-256").Pkcs8, "right", 1);
        byte[] der = EncryptedKey.Encode((algorithm, data));
        Assert.NotNull(_tools.Read(der, "right", "key.der"));

        for (int i = 0; i < 2000; i++)
        {
            AssertFails(ErrorIds.WrongPassword, der, "wrong" + i);
        }
    }

    [Fact]
    public void Pasted_text_is_forgiven_its_form()
    {
        KeyPair key = TestPki.Key("ECDSA P-256");
        string pem = Encoding.ASCII.GetString(_tools.ToPem(key, null));
        string certificate = Pem.Encode("CERTIFICATE", TestPki.Root.Der);

        Assert.Equal(key.Pkcs8, Read(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(pem)).ToArray()));
        Assert.Equal(key.Pkcs8, Read(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(pem)).ToArray()));
        Assert.Equal(key.Pkcs8, Read(Encoding.ASCII.GetBytes(pem.Replace("\n", "\r\n    ", StringComparison.Ordinal))));
        Assert.Equal(key.Pkcs8, Read(Encoding.ASCII.GetBytes(pem.Replace('\n', ' '))));
        Assert.Equal(key.Pkcs8, Read(Encoding.UTF8.GetBytes("Schlüssel für www\n" + certificate + pem)));
    }

    [Fact]
    public void Text_without_a_key_says_what_it_holds() =>
        Assert.Contains("CERTIFICATE", AssertFails(ErrorIds.PrivateKeyUnreadable, Encoding.ASCII.GetBytes(Pem.Encode("CERTIFICATE", TestPki.Root.Der)), null).Message, StringComparison.Ordinal);

    [Fact]
    public void A_key_in_the_form_of_OpenSSH_names_the_way_out() =>
        Assert.Contains("ssh-keygen", AssertFails(ErrorIds.PrivateKeyUnreadable, Encoding.ASCII.GetBytes(Pem.Encode("OPENSSH PRIVATE KEY", [1, 2, 3])), null).Remedy!, StringComparison.Ordinal);

    [Fact]
    public void A_block_without_its_end_is_named_so()
    {
        byte[] pem = _tools.ToPem(TestPki.Key("RSA 2048"), null);
        Assert.Contains("without its end", AssertFails(ErrorIds.PrivateKeyUnreadable, pem.Take(pem.Length - 20).ToArray(), null).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_Ed25519_key_with_its_public_key_is_read_and_written_without()
    {
        // RFC 8410 §10.3, the second example
        byte[] version2 = Convert.FromBase64String(
            "MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCoB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=");

        KeyPair key = _tools.Read(version2, null, "RFC 8410");

        Assert.Equal(Convert.FromBase64String("MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC"), key.Pkcs8);
        Assert.Equal(Convert.FromBase64String("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="), key.SubjectPublicKeyInfo);
    }

    [Fact]
    public void An_RSA_key_with_one_changed_bit_is_refused()
    {
        byte[] pkcs8 = (byte[])TestPki.Key("RSA 2048").Pkcs8.Clone();
        pkcs8[pkcs8.Length - 10] ^= 4;

        AssertFails(ErrorIds.PrivateKeyUnreadable, pkcs8, null);
    }

    [Fact]
    public void An_EC_key_with_the_public_half_of_another_is_refused()
    {
        byte[] one = (byte[])TestPki.NewKey().Pkcs8.Clone();
        byte[] other = TestPki.NewKey().Pkcs8;
        Array.Copy(other, other.Length - 64, one, one.Length - 64, 64);

        AssertFails(ErrorIds.PrivateKeyUnreadable, one, null);
    }

    [Fact]
    public void A_small_EC_key_keeps_its_leading_zeros()
    {
        PrivateKey key = PrivateKey.FromEc(EcCurve.OfLength(521), BigInteger.ValueOf(7));

        File.WriteAllBytes(_folder.File("key.der"), key.Pkcs8);
        Peers.OpenSsl(_folder.Path, "pkey", "-inform", "DER", "-in", "key.der", "-check", "-noout");
        Assert.Equal(key.Pkcs8, _tools.FromPkcs8(key.Pkcs8).Pkcs8);
    }

    [Fact]
    public void Iterations_beyond_reason_are_refused_before_the_work()
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oids.Pkcs12TripleDes);
                using (writer.PushSequence())
                {
                    writer.WriteOctetString(new byte[8]);
                    writer.WriteInteger(int.MaxValue);
                }
            }

            writer.WriteOctetString(new byte[64]);
        }

        Assert.Contains("2147483647 iterations", AssertFails(ErrorIds.PrivateKeyUnreadable, writer.Encode(), "password").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_nested_sequences_end_in_an_error_and_not_the_process()
    {
        AssertFails(ErrorIds.PrivateKeyUnreadable, Enumerable.Repeat(new byte[] { 0x30, 0x80 }, 100_000).SelectMany(b => b).ToArray(), null);
    }

    [Fact]
    public void Any_bytes_are_a_key_or_one_clear_error()
    {
        byte[] encrypted = EncryptedKey.Encode(Pbes2.Encrypt(TestPki.Key("ECDSA P-256").Pkcs8, "password", 1));
        Mangle.Check(
            data => _tools.Read(data, "password", "data"),
            600,
            TestPki.Key("ECDSA P-256").Pkcs8,
            TestPki.Key("Ed25519").Pkcs8,
            TestPki.Key("RSA 2048").Pkcs8,
            encrypted,
            _tools.ToPem(TestPki.Key("ECDSA P-256"), null));
    }

    private byte[] Read(byte[] data) => _tools.Read(data, null, "the pasted text").Pkcs8;

    private KeyMaterialException AssertFails(string errorId, byte[] data, string? password)
    {
        KeyMaterialException error = Assert.Throws<KeyMaterialException>(() => _tools.Read(data, password, "the pasted text"));
        Assert.Equal(errorId, error.ErrorId);
        Assert.Equal("the pasted text", error.Target);
        Assert.StartsWith("The pasted text ", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
        return error;
    }
}
