using System.Security.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;

namespace KeyManager.Providers.Keys;

/// <summary>Makes new private keys.</summary>
internal static class KeyGenerator
{
    public static PrivateKey Generate(KeySpec spec) => spec.Algorithm switch
    {
        KeyAlgorithm.Rsa => GenerateRsa(spec.Length),
        KeyAlgorithm.Ecdsa => GenerateEc(EcCurve.OfLength(spec.Length)),
        _ => PrivateKey.FromEd25519(SecureRandomness.Bytes(Ed25519PrivateKeyParameters.KeySize)),
    };

    /// <summary>RSA in managed code, for platforms that do not give the length asked for; several times slower.</summary>
    public static PrivateKey GenerateManagedRsa(int length)
    {
        RsaKeyPairGenerator generator = new();

        // One composite in 2^112 may pass for a prime, the strength of RSA 2048 itself (FIPS 186-4 C.3); 65537 is the only exponent in use.
        generator.Init(new RsaKeyGenerationParameters(BigInteger.ValueOf(65537), SecureRandomness.Generator, length, 112));
        return PrivateKey.FromRsa((RsaPrivateCrtKeyParameters)generator.GenerateKeyPair().Private);
    }

    private static PrivateKey GenerateRsa(int length)
    {
        // On .NET Framework and Mono RSA.Create() ignores KeySize and hands out 1024 bits: only the numbers themselves tell.
        using RSA rsa = RSA.Create();
        try
        {
            rsa.KeySize = length;
            if (rsa.KeySize != length)
            {
                return GenerateManagedRsa(length);
            }

            RSAParameters numbers = rsa.ExportParameters(true);
            BigInteger modulus = new(1, numbers.Modulus);
            if (modulus.BitLength != length)
            {
                return GenerateManagedRsa(length);
            }

            return PrivateKey.FromRsa(new RsaPrivateCrtKeyParameters(
                modulus,
                new BigInteger(1, numbers.Exponent),
                new BigInteger(1, numbers.D),
                new BigInteger(1, numbers.P),
                new BigInteger(1, numbers.Q),
                new BigInteger(1, numbers.DP),
                new BigInteger(1, numbers.DQ),
                new BigInteger(1, numbers.InverseQ)));
        }
        catch (CryptographicException)
        {
            // The platform does not make keys of this length (Windows CSPs want steps of 64 bits).
            return GenerateManagedRsa(length);
        }
    }

    private static PrivateKey GenerateEc(EcCurve curve)
    {
        if (PlatformEcdsa.Generate(curve) is { } made)
        {
            return PrivateKey.FromEc(curve, made.Value, made.Point);
        }

        ECKeyPairGenerator generator = new();
        generator.Init(new ECKeyGenerationParameters(curve.Domain, SecureRandomness.Generator));
        AsymmetricCipherKeyPair pair = generator.GenerateKeyPair();
        return PrivateKey.FromEc(curve, ((ECPrivateKeyParameters)pair.Private).D);
    }
}
