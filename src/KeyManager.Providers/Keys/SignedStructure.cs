using System;
using System.Formats.Asn1;

namespace KeyManager.Providers.Keys;

/// <summary>What certificates (RFC 5280 §4.1) and requests (RFC 2986 §4.2) have in common: content, algorithm, signature.</summary>
/// <param name="Content">The bytes that are signed, as they stand in the file.</param>
/// <param name="Algorithm">AlgorithmIdentifier of the signature.</param>
/// <param name="Signature">The signature itself.</param>
internal sealed record SignedStructure(ReadOnlyMemory<byte> Content, ReadOnlyMemory<byte> Algorithm, byte[] Signature)
{
    public static SignedStructure Read(ReadOnlyMemory<byte> data)
    {
        AsnReader sequence = Der.OpenSequence(data);
        ReadOnlyMemory<byte> content = sequence.ReadEncodedValue();
        ReadOnlyMemory<byte> algorithm = sequence.ReadEncodedValue();
        byte[] signature = sequence.ReadBitString(out _);
        sequence.ThrowIfNotEmpty();
        return new SignedStructure(content, algorithm, signature);
    }

    public static byte[] Sign(byte[] content, PrivateKey key, SignatureHash hash)
    {
        AsnWriter writer = Der.Writer();
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(content);
            writer.WriteEncodedValue(SignatureAlgorithm.Identify(key.Spec.Algorithm, hash));
            writer.WriteBitString(SignatureAlgorithm.Sign(key, hash, content));
        }

        return writer.Encode();
    }

    public bool IsSignedBy(byte[] subjectPublicKeyInfo) => SignatureAlgorithm.Verify(subjectPublicKeyInfo, Algorithm, Content.ToArray(), Signature);
}
