using System;
using System.Formats.Asn1;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace KeyManager.Providers.Keys;

/// <summary>The older schemes: those of PKCS#12 (RFC 7292 appendix C) and PBES1 (RFC 8018 §6.1).</summary>
internal static class Pbes1
{
    private const byte KeyPurpose = 1;
    private const byte IvPurpose = 2;
    private const byte MacPurpose = 3;

    /// <summary>pbeWithSHAAnd3-KeyTripleDES-CBC, the strongest that every old Windows and Java reads. Returns the AlgorithmIdentifier and the data.</summary>
    public static (byte[] Algorithm, byte[] Data) EncryptTripleDes(byte[] plain, string password, int iterations)
    {
        byte[] salt = SecureRandomness.Bytes(8);
        byte[] bmp = PasswordBytes.Bmp(password);
        byte[] key = DeriveForPkcs12(new Sha1Digest(), KeyPurpose, bmp, salt, iterations, 24);
        byte[] iv = DeriveForPkcs12(new Sha1Digest(), IvPurpose, bmp, salt, iterations, 8);
        AsnWriter writer = Der.Writer();
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Pkcs12TripleDes);
            using (writer.PushSequence())
            {
                writer.WriteOctetString(salt);
                writer.WriteInteger(iterations);
            }
        }

        return (writer.Encode(), BlockCiphers.Encrypt(new DesEdeEngine(), new KeyParameter(key), iv, plain));
    }

    /// <summary>The key of a PKCS#12 MAC.</summary>
    public static byte[] DeriveMacKey(IDigest digest, byte[] bmpPassword, byte[] salt, int iterations) =>
        DeriveForPkcs12(digest, MacPurpose, bmpPassword, salt, iterations, digest.GetDigestSize());

    /// <summary>Decrypts; <c>null</c> when the scheme is none of these.</summary>
    public static byte[]? TryDecrypt(string oid, AsnReader parameters, byte[] data, string? password)
    {
        switch (oid)
        {
            case Oids.Pkcs12TripleDes:
                return DecryptPkcs12(parameters, data, password, new DesEdeEngine(), 24, key => new KeyParameter(key));
            case Oids.Pkcs12TwoKeyTripleDes:
                return DecryptPkcs12(parameters, data, password, new DesEdeEngine(), 16, key => new KeyParameter(key));
            case Oids.Pkcs12Rc2Of128:
                return DecryptPkcs12(parameters, data, password, new RC2Engine(), 16, key => new RC2Parameters(key, 128));
            case Oids.Pkcs12Rc2Of40:
                return DecryptPkcs12(parameters, data, password, new RC2Engine(), 5, key => new RC2Parameters(key, 40));
            case Oids.Pkcs12Rc4Of128:
                return DecryptRc4(parameters, data, password, 16);
            case Oids.Pkcs12Rc4Of40:
                return DecryptRc4(parameters, data, password, 5);
            case Oids.PbeMd5Des:
                return DecryptPkcs5(parameters, data, password, new MD5Digest(), new DesEngine(), key => new KeyParameter(key));
            case Oids.PbeSha1Des:
                return DecryptPkcs5(parameters, data, password, new Sha1Digest(), new DesEngine(), key => new KeyParameter(key));
            case Oids.PbeMd5Rc2:
                return DecryptPkcs5(parameters, data, password, new MD5Digest(), new RC2Engine(), key => new RC2Parameters(key, 64));
            case Oids.PbeSha1Rc2:
                return DecryptPkcs5(parameters, data, password, new Sha1Digest(), new RC2Engine(), key => new RC2Parameters(key, 64));
            default:
                return null;
        }
    }

    private static byte[] DecryptPkcs12(
        AsnReader parameters, byte[] data, string? password, IBlockCipher engine, int keyLength, Func<byte[], ICipherParameters> makeKey)
    {
        (byte[] salt, int iterations) = ReadParameters(parameters);
        byte[] bmp = PasswordBytes.Bmp(password);
        byte[] key = DeriveForPkcs12(new Sha1Digest(), KeyPurpose, bmp, salt, iterations, keyLength);
        byte[] iv = DeriveForPkcs12(new Sha1Digest(), IvPurpose, bmp, salt, iterations, engine.GetBlockSize());
        return BlockCiphers.Decrypt(engine, makeKey(key), iv, data);
    }

    private static byte[] DecryptRc4(AsnReader parameters, byte[] data, string? password, int keyLength)
    {
        (byte[] salt, int iterations) = ReadParameters(parameters);
        RC4Engine cipher = new();
        cipher.Init(false, new KeyParameter(DeriveForPkcs12(new Sha1Digest(), KeyPurpose, PasswordBytes.Bmp(password), salt, iterations, keyLength)));
        byte[] plain = new byte[data.Length];
        cipher.ProcessBytes(data, 0, data.Length, plain, 0);
        return plain;
    }

    /// <summary>PBKDF1 (RFC 8018 §5.1): 8 bytes of key and 8 of initialisation vector from one hash.</summary>
    private static byte[] DecryptPkcs5(
        AsnReader parameters, byte[] data, string? password, IDigest digest, IBlockCipher engine, Func<byte[], ICipherParameters> makeKey)
    {
        (byte[] salt, int iterations) = ReadParameters(parameters);
        byte[] block = [.. PasswordBytes.Utf8(password), .. salt];
        for (int i = 0; i < iterations; i++)
        {
            digest.BlockUpdate(block, 0, block.Length);
            block = new byte[digest.GetDigestSize()];
            digest.DoFinal(block, 0);
        }

        byte[] key = new byte[8];
        byte[] iv = new byte[8];
        Array.Copy(block, 0, key, 0, 8);
        Array.Copy(block, 8, iv, 0, 8);
        return BlockCiphers.Decrypt(engine, makeKey(key), iv, data);
    }

    private static (byte[] Salt, int Iterations) ReadParameters(AsnReader parameters)
    {
        AsnReader sequence = parameters.ReadSequence();
        return (sequence.ReadOctetString(), PasswordEncryption.ReadIterations(sequence));
    }

    private static byte[] DeriveForPkcs12(IDigest digest, byte purpose, byte[] bmpPassword, byte[] salt, int iterations, int length)
    {
        if (salt.Length == 0)
        {
            throw new FormatException("The salt is empty.");
        }

        Pkcs12ParametersGenerator generator = new(digest);
        generator.Init(bmpPassword, salt, iterations);
        ICipherParameters parameters = purpose switch
        {
            KeyPurpose => generator.GenerateDerivedParameters("AES", length * 8),
            MacPurpose => generator.GenerateDerivedMacParameters(length * 8),

            // The initialisation vector comes only together with a key.
            _ => generator.GenerateDerivedParameters("AES", 8, length * 8),
        };
        return parameters is ParametersWithIV withIv ? withIv.GetIV() : ((KeyParameter)parameters).GetKey();
    }
}
