using System;
using System.Linq;
using System.Text;
using KeyManager.Providers.Secrets;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Parameters;
using Xunit;

namespace KeyManager.Tests.Secrets;

/// <summary>Published vectors: what we write today must open on every platform and in ten years.</summary>
public sealed class KnownAnswerTests
{
    [Fact]
    public void Argon2id_gives_the_answer_of_RFC_9106_section_5_3()
    {
        byte[] tag = Argon2id.Derive(Repeat(1, 32), Repeat(2, 16), 32, 3, 4, 32, Repeat(3, 8), Repeat(4, 12));

        Assert.Equal("0D640DF58D78766C08C037A34A8B53C9D01EF0452D75B65EB52520E96B01E659", Convert.ToHexString(tag));
    }

    // From the reference implementation's test.c (version 0x13, Argon2id).
    [Theory]
    [InlineData("password", "somesalt", 65536, 2, 1, "09316115D5CF24ED5A15A31A3BA326E5CF32EDC24702987C02B6566F61913CF7")]
    [InlineData("password", "somesalt", 256, 2, 1, "9DFEB910E80BAD0311FEE20F9C0E2B12C17987B4CAC90C2EF54D5B3021C68BFE")]
    [InlineData("password", "somesalt", 256, 2, 2, "6D093C501FD5999645E0EA3BF620D7B8BE7FD2DB59C20D9FFF9539DA2BF57037")]
    public void Argon2id_gives_the_answers_of_the_reference_implementation(string password, string salt, int memory, int passes, int lanes, string expected)
    {
        byte[] tag = Argon2id.Derive(Encoding.ASCII.GetBytes(password), Encoding.ASCII.GetBytes(salt), memory, passes, lanes, 32);

        Assert.Equal(expected, Convert.ToHexString(tag));
    }

    [Fact]
    public void Hkdf_gives_the_answer_of_RFC_5869_A_1()
    {
        HkdfBytesGenerator generator = new(new Sha256Digest());
        generator.Init(new HkdfParameters(Repeat(0x0b, 22), Convert.FromHexString("000102030405060708090a0b0c"), Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9")));
        byte[] output = new byte[42];
        generator.GenerateBytes(output, 0, output.Length);

        Assert.Equal("3CB25F25FAACD57A90434F64D0362F2A2D2D0A90CF1A5A4C5DB02D56ECC4C5BF34007208D5B887185865", Convert.ToHexString(output));
    }

    [Fact]
    public void Aes_gcm_gives_the_answer_of_the_specification_case_16()
    {
        GcmBlockCipher cipher = new(new AesEngine());
        cipher.Init(true, new AeadParameters(
            new KeyParameter(Convert.FromHexString("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")),
            128,
            Convert.FromHexString("cafebabefacedbaddecaf888"),
            Convert.FromHexString("feedfacedeadbeeffeedfacedeadbeefabaddad2")));
        byte[] plain = Convert.FromHexString(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
        byte[] output = new byte[plain.Length + 16];
        int length = cipher.ProcessBytes(plain, 0, plain.Length, output, 0);
        cipher.DoFinal(output, length);

        Assert.Equal(
            "522DC1F099567D07F47F37A32A84427D643A8CDCBFE5C0C97598A2BD2555D1AA8CB08E48590DBB3DA7B08B1056828838C5F61E6393BA7A0ABCC9F66276FC6ECE0F4E1768CDDF8853BB2D551B",
            Convert.ToHexString(output));
    }

#if NET // .NET Framework has neither HKDF nor AES-GCM
    /// <summary>A box made by the first release; if this fails, stores in the field no longer open.</summary>
    [Fact]
    public void A_box_of_version_1_opens()
    {
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        using DataKey dataKey = new("abcdefgh1234", SecretBytes.Take(key));
        byte[] box = IndependentSeal([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

        byte[]? value = SecretBox.Open(dataKey, "KeyManager secrets v1", "store0000001", ["secrets", "key", "k1", "pkcs8"], box);

        Assert.Equal("hello", Encoding.ASCII.GetString(value!));
    }

    /// <summary>The format as its description says, written with the platform's own primitives.</summary>
    private static byte[] IndependentSeal(byte[] key)
    {
        byte[] nonce = Convert.FromHexString("000102030405060708090A0B");
        byte[] subkey = System.Security.Cryptography.HKDF.DeriveKey(
            System.Security.Cryptography.HashAlgorithmName.SHA256, key, 32, Encoding.UTF8.GetBytes("store0000001"), Encoding.UTF8.GetBytes("KeyManager secrets v1"));
        byte[] associated =
        [
            1, .. Field("KeyManager secrets v1"), .. Field("store0000001"), .. Field("abcdefgh1234"), .. Field("secrets"), .. Field("key"), .. Field("k1"), .. Field("pkcs8"),
        ];
        byte[] cipher = new byte[5];
        byte[] tag = new byte[16];
        using System.Security.Cryptography.AesGcm gcm = new(subkey, 16);
        gcm.Encrypt(nonce, Encoding.ASCII.GetBytes("hello"), cipher, tag, associated);
        return [1, .. Encoding.ASCII.GetBytes("abcdefgh1234"), .. nonce, .. cipher, .. tag];
    }

    private static byte[] Field(string text) => [0, 0, 0, (byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
#endif

    private static byte[] Repeat(byte value, int count) => [.. Enumerable.Repeat(value, count)];
}
