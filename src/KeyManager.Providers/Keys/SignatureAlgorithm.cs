using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace KeyManager.Providers.Keys;

/// <summary>Signatures as X.509 writes them (RFC 4055, RFC 5758, RFC 8410): one table of identifiers, names and hashes.</summary>
internal static class SignatureAlgorithm
{
    private const string Ed25519Name = "Ed25519";

    private static readonly IReadOnlyList<Row> Rows =
    [
        new("1.2.840.113549.1.1.4", "MD5withRSA", KeyAlgorithm.Rsa, Oids.Md5),
        new("1.2.840.113549.1.1.5", "SHA1withRSA", KeyAlgorithm.Rsa, Oids.Sha1),
        new("1.2.840.113549.1.1.14", "SHA224withRSA", KeyAlgorithm.Rsa, Oids.Sha224),
        new("1.2.840.113549.1.1.11", "SHA256withRSA", KeyAlgorithm.Rsa, Oids.Sha256),
        new("1.2.840.113549.1.1.12", "SHA384withRSA", KeyAlgorithm.Rsa, Oids.Sha384),
        new("1.2.840.113549.1.1.13", "SHA512withRSA", KeyAlgorithm.Rsa, Oids.Sha512),
        new("1.2.840.10045.4.1", "SHA1withECDSA", KeyAlgorithm.Ecdsa, Oids.Sha1),
        new("1.2.840.10045.4.3.1", "SHA224withECDSA", KeyAlgorithm.Ecdsa, Oids.Sha224),
        new("1.2.840.10045.4.3.2", "SHA256withECDSA", KeyAlgorithm.Ecdsa, Oids.Sha256),
        new("1.2.840.10045.4.3.3", "SHA384withECDSA", KeyAlgorithm.Ecdsa, Oids.Sha384),
        new("1.2.840.10045.4.3.4", "SHA512withECDSA", KeyAlgorithm.Ecdsa, Oids.Sha512),
    ];

    /// <summary>The name of an AlgorithmIdentifier, for example "SHA256withRSA"; the object identifier when it is not known.</summary>
    public static string NameOf(ReadOnlyMemory<byte> algorithm)
    {
        AsnReader sequence = Der.OpenSequence(algorithm);
        string oid = sequence.ReadObjectIdentifier();
        return oid switch
        {
            Oids.Ed25519 => Ed25519Name,
            Oids.RsaPss => HashOfPss(sequence) + "withRSAandMGF1",
            _ => Rows.FirstOrDefault(r => r.Oid == oid)?.Name ?? PublicKey.NameOfAlgorithm(oid),
        };
    }

    /// <summary>The AlgorithmIdentifier of signatures by keys of this kind. Ed25519 ignores the hash.</summary>
    public static byte[] Identify(KeyAlgorithm key, SignatureHash hash)
    {
        Row? row = Find(key, hash);
        AsnWriter algorithm = Der.Writer();

        // RFC 4055 §5: NULL parameters with RSA; none with ECDSA (RFC 5758 §3.2) and Ed25519 (RFC 8410 §3).
        Der.WriteAlgorithm(algorithm, row?.Oid ?? Oids.Ed25519, withNull: row?.Key == KeyAlgorithm.Rsa);
        return algorithm.Encode();
    }

    /// <summary>Signs; <see cref="Identify"/> says how.</summary>
    public static byte[] Sign(PrivateKey key, SignatureHash hash, byte[] data)
    {
        Row? row = Find(key.Spec.Algorithm, hash);
        return (row is null ? null : PlatformEcdsa.Sign(key, row.Hash, data)) ?? SignManaged(key, row, data);
    }

    private static Row? Find(KeyAlgorithm key, SignatureHash hash)
    {
        string hashOid = hash switch { SignatureHash.SHA384 => Oids.Sha384, SignatureHash.SHA512 => Oids.Sha512, _ => Oids.Sha256 };
        return Rows.FirstOrDefault(r => r.Key == key && r.Hash == hashOid);
    }

    private static byte[] SignManaged(PrivateKey key, Row? row, byte[] data)
    {
        ISigner signer = row is null ? new Ed25519Signer() : row.MakeSigner();
        signer.Init(true, key.Parameters);
        signer.BlockUpdate(data, 0, data.Length);
        return signer.GenerateSignature();
    }

    /// <summary>True when the key verifies the signature; false also when algorithm or key are not known or make no sense.</summary>
    public static bool Verify(byte[] subjectPublicKeyInfo, ReadOnlyMemory<byte> algorithm, byte[] data, byte[] signature)
    {
        try
        {
            AsnReader sequence = Der.OpenSequence(algorithm);
            string oid = sequence.ReadObjectIdentifier();
            if (Rows.FirstOrDefault(r => r.Oid == oid && r.Key == KeyAlgorithm.Ecdsa) is { } ecdsa
                && PlatformEcdsa.Verify(subjectPublicKeyInfo, ecdsa.Hash, data, signature) is { } answer)
            {
                return answer;
            }

            AsymmetricKeyParameter? key = PublicKey.Decode(subjectPublicKeyInfo);
            ISigner? signer = (key, oid) switch
            {
                (Ed25519PublicKeyParameters, Oids.Ed25519) => new Ed25519Signer(),
                (RsaKeyParameters, Oids.RsaPss) => MakePssSigner(sequence),
                (RsaKeyParameters, _) => Rows.FirstOrDefault(r => r.Oid == oid && r.Key == KeyAlgorithm.Rsa)?.MakeSigner(),
                (ECPublicKeyParameters, _) => Rows.FirstOrDefault(r => r.Oid == oid && r.Key == KeyAlgorithm.Ecdsa)?.MakeSigner(),
                _ => null,
            };
            if (signer is null)
            {
                return false;
            }

            signer.Init(false, key);
            signer.BlockUpdate(data, 0, data.Length);
            return signer.VerifySignature(signature);
        }
        catch (Exception e) when (UntrustedBytes.IsAboutBytes(e))
        {
            return false;
        }
    }

    private static string HashOfPss(AsnReader parameters)
    {
        string oid = ReadPss(parameters).Hash;
        return oid switch { Oids.Sha1 => "SHA1", Oids.Sha224 => "SHA224", Oids.Sha256 => "SHA256", Oids.Sha384 => "SHA384", Oids.Sha512 => "SHA512", _ => oid };
    }

    private static PssSigner? MakePssSigner(AsnReader parameters)
    {
        (string hash, string maskHash, int saltLength) = ReadPss(parameters);
        return Hashes.Find(hash) is { } digest && Hashes.Find(maskHash) is { } mask && saltLength is >= 0 and <= 512
            ? new PssSigner(new RsaBlindedEngine(), digest, mask, saltLength, PssSigner.TrailerImplicit)
            : null;
    }

    /// <summary>RSASSA-PSS-params (RFC 4055 §3.1); what is absent has its default, SHA-1 and 20 bytes of salt.</summary>
    private static (string Hash, string MaskHash, int SaltLength) ReadPss(AsnReader sequence)
    {
        AsnReader parameters = sequence.HasData ? sequence.ReadSequence() : Der.Open(Array.Empty<byte>());
        string hash = Oids.Sha1;
        string maskHash = Oids.Sha1;
        int saltLength = 20;
        if (Der.NextIs(parameters, 0))
        {
            hash = parameters.ReadSequence(Der.Tag(0)).ReadSequence().ReadObjectIdentifier();
        }

        if (Der.NextIs(parameters, 1))
        {
            AsnReader mask = parameters.ReadSequence(Der.Tag(1)).ReadSequence();
            mask.ReadObjectIdentifier();
            maskHash = mask.ReadSequence().ReadObjectIdentifier();
        }

        if (Der.NextIs(parameters, 2))
        {
            saltLength = Der.ReadNumber(parameters.ReadSequence(Der.Tag(2)));
        }

        return (hash, maskHash, saltLength);
    }

    private sealed record Row(string Oid, string Name, KeyAlgorithm Key, string Hash)
    {
        public ISigner MakeSigner()
        {
            IDigest digest = Hashes.Find(Hash)!; // every hash in the table is one that Find knows
            return Key == KeyAlgorithm.Rsa ? new RsaDigestSigner(digest) : new DsaDigestSigner(new ECDsaSigner(), digest);
        }
    }
}
