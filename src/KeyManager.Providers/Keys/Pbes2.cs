using System;
using System.Formats.Asn1;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace KeyManager.Providers.Keys;

/// <summary>Password based encryption scheme 2 (RFC 8018 §6.2): PBKDF2 or scrypt, then a block cipher.</summary>
internal static class Pbes2
{
    private const int SaltLength = 16;
    private const int AesBlockLength = 16;

    // 64 MB: four times what OpenSSL takes; a file must not choose how much memory we use.
    private const long MaximumScryptMemory = 64L * 1024 * 1024;

    /// <summary>AES-256-CBC under PBKDF2-HMAC-SHA256. Returns the AlgorithmIdentifier and the encrypted data.</summary>
    public static (byte[] Algorithm, byte[] Data) Encrypt(byte[] plain, string password, int iterations)
    {
        byte[] salt = SecureRandomness.Bytes(SaltLength);
        byte[] iv = SecureRandomness.Bytes(AesBlockLength);
        byte[] key = Pbkdf2(new Sha256Digest(), PasswordBytes.Utf8(password), salt, iterations, 32);
        byte[] data = BlockCiphers.Encrypt(new AesEngine(), new KeyParameter(key), iv, plain);
        Array.Clear(key, 0, key.Length);

        AsnWriter writer = Der.Writer();
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Pbes2);
            using (writer.PushSequence())
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Pbkdf2);
                    using (writer.PushSequence())
                    {
                        writer.WriteOctetString(salt);
                        writer.WriteInteger(iterations);
                        Der.WriteAlgorithm(writer, Oids.HmacSha256, withNull: true);
                    }
                }

                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Aes256Cbc);
                    writer.WriteOctetString(iv);
                }
            }
        }

        return (writer.Encode(), data);
    }

    /// <param name="parameters">PBES2-params.</param>
    public static byte[] Decrypt(AsnReader parameters, byte[] data, string? password)
    {
        AsnReader sequence = parameters.ReadSequence();
        AsnReader derivation = sequence.ReadSequence();
        AsnReader encryption = sequence.ReadSequence();
        (IBlockCipher engine, int keyLength, byte[] iv, int effectiveBits) = ReadCipher(encryption);
        byte[] key = DeriveKey(derivation, PasswordBytes.Utf8(password), ref keyLength);
        ICipherParameters keyParameters = effectiveBits > 0 ? new RC2Parameters(key, effectiveBits) : new KeyParameter(key);
        return BlockCiphers.Decrypt(engine, keyParameters, iv, data);
    }

    public static byte[] Pbkdf2(IDigest digest, byte[] password, byte[] salt, int iterations, int keyLength)
    {
        Pkcs5S2ParametersGenerator generator = new(digest);
        generator.Init(password, salt, iterations);
        return ((KeyParameter)generator.GenerateDerivedMacParameters(keyLength * 8)).GetKey();
    }

    private static byte[] DeriveKey(AsnReader derivation, byte[] password, ref int keyLength)
    {
        string oid = derivation.ReadObjectIdentifier();
        AsnReader parameters = derivation.ReadSequence();
        byte[] salt = parameters.ReadOctetString();
        if (oid == Oids.Scrypt)
        {
            return Scrypt(parameters, password, salt, keyLength);
        }

        if (oid != Oids.Pbkdf2)
        {
            throw PasswordEncryption.Unsupported("the key derivation " + oid);
        }

        int iterations = PasswordEncryption.ReadIterations(parameters);
        if (Der.NextIs(parameters, UniversalTagNumber.Integer))
        {
            int stated = Der.ReadNumber(parameters);

            // RC2 and files that state it twice: the statement counts only within what a cipher can take.
            keyLength = stated is >= 5 and <= 32 ? stated : throw new AsnContentException("The key length makes no sense.");
        }

        string prf = parameters.HasData ? parameters.ReadSequence().ReadObjectIdentifier() : Oids.HmacSha1;
        IDigest digest = prf switch
        {
            Oids.HmacSha1 => new Sha1Digest(),
            Oids.HmacSha224 => new Sha224Digest(),
            Oids.HmacSha256 => new Sha256Digest(),
            Oids.HmacSha384 => new Sha384Digest(),
            Oids.HmacSha512 => new Sha512Digest(),
            _ => throw PasswordEncryption.Unsupported("the pseudo-random function " + prf),
        };
        return Pbkdf2(digest, password, salt, iterations, keyLength);
    }

    private static byte[] Scrypt(AsnReader parameters, byte[] password, byte[] salt, int keyLength)
    {
        int cost = Der.ReadNumber(parameters);
        int blockSize = Der.ReadNumber(parameters);
        int parallelization = Der.ReadNumber(parameters);
        if (cost < 2 || blockSize < 1 || parallelization is < 1 or > 16 || 128L * cost * blockSize > MaximumScryptMemory)
        {
            throw PasswordEncryption.Unsupported("scrypt with these costs");
        }

        return SCrypt.Generate(password, salt, cost, blockSize, parallelization, keyLength);
    }

    private static (IBlockCipher Engine, int KeyLength, byte[] Iv, int Rc2EffectiveBits) ReadCipher(AsnReader encryption)
    {
        string oid = encryption.ReadObjectIdentifier();
        if (oid == Oids.Rc2Cbc)
        {
            AsnReader parameters = encryption.ReadSequence();
            int version = Der.NextIs(parameters, UniversalTagNumber.Integer) ? Der.ReadNumber(parameters) : -1;

            // RFC 8018 appendix B.2.3: three magic numbers, from 256 on the bits themselves, 32 when absent.
            int bits = version switch { -1 => 32, 160 => 40, 120 => 64, 58 => 128, _ => version };
            return bits is >= 32 and <= 1024
                ? (new RC2Engine(), Math.Min(32, (bits + 7) / 8), parameters.ReadOctetString(), bits)
                : throw new AsnContentException("The RC2 version makes no sense.");
        }

        byte[] iv = encryption.ReadOctetString();
        return oid switch
        {
            Oids.Aes128Cbc => (new AesEngine(), 16, iv, 0),
            Oids.Aes192Cbc => (new AesEngine(), 24, iv, 0),
            Oids.Aes256Cbc => (new AesEngine(), 32, iv, 0),
            Oids.TripleDesCbc => (new DesEdeEngine(), 24, iv, 0),
            Oids.DesCbc => (new DesEngine(), 8, iv, 0),
            _ => throw PasswordEncryption.Unsupported("the cipher " + oid),
        };
    }
}
