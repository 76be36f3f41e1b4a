using System;
using System.Formats.Asn1;
using System.Text;
using Org.BouncyCastle.Math;

namespace KeyManager.Providers.Keys;

/// <summary>
/// Shorthand for reading and writing ASN.1. Microsoft's reader does it instead of BouncyCastle's: it does not recurse, so that a file of
/// ten thousand nested sequences is an error and not the end of the process, and it is the same beside either BouncyCastle line.
/// </summary>
internal static class Der
{
    /// <summary>Reads BER, which PKCS#12 files of some programs still are; DER is a part of it.</summary>
    public static AsnReader Open(ReadOnlyMemory<byte> data) => new(data, AsnEncodingRules.BER);

    /// <summary>The only element in the data, which must be a sequence.</summary>
    public static AsnReader OpenSequence(ReadOnlyMemory<byte> data)
    {
        AsnReader reader = Open(data);
        AsnReader sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        return sequence;
    }

    public static AsnWriter Writer() => new(AsnEncodingRules.DER);

    /// <summary>[<paramref name="number"/>], constructed.</summary>
    public static Asn1Tag Tag(int number) => new(TagClass.ContextSpecific, number, isConstructed: true);

    /// <summary>True when the next element is [<paramref name="number"/>], primitive or constructed.</summary>
    public static bool NextIs(AsnReader reader, int number) =>
        reader.HasData && reader.PeekTag() is { TagClass: TagClass.ContextSpecific } tag && tag.TagValue == number;

    public static bool NextIs(AsnReader reader, UniversalTagNumber number) =>
        reader.HasData && reader.PeekTag() is { TagClass: TagClass.Universal } tag && tag.TagValue == (int)number;

    /// <summary>An unsigned integer; big endian as it stands in the file.</summary>
    public static BigInteger ReadUnsigned(AsnReader reader) => new(1, reader.ReadIntegerBytes().ToArray());

    /// <summary>A small number such as a version or an iteration count.</summary>
    /// <exception cref="AsnContentException">It does not fit into an <see cref="int"/>.</exception>
    public static int ReadNumber(AsnReader reader) =>
        reader.TryReadInt32(out int value) ? value : throw new AsnContentException("The number is too large.");

    /// <summary>
    /// Reads any of the string types, without holding a value to the alphabet of its type: wildcards in a PrintableString are common, and a
    /// certificate with one is still to be shown.
    /// </summary>
    public static bool TryReadText(ReadOnlyMemory<byte> value, out string text)
    {
        Asn1Tag tag = Asn1Tag.Decode(value.Span, out _);
        Encoding? encoding = (UniversalTagNumber)tag.TagValue switch
        {
            UniversalTagNumber.UTF8String => Encoding.UTF8,
            UniversalTagNumber.BMPString => Encoding.BigEndianUnicode,
            UniversalTagNumber.UniversalString => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
            UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.T61String or UniversalTagNumber.NumericString
                or UniversalTagNumber.VisibleString => Encoding.GetEncoding("ISO-8859-1"),
            _ => null,
        };
        if (tag.TagClass != TagClass.Universal || encoding is null
            || !AsnDecoder.TryReadPrimitiveCharacterStringBytes(value.Span, AsnEncodingRules.BER, tag, out ReadOnlySpan<byte> bytes, out _))
        {
            text = "";
            return false;
        }

        text = encoding.GetString(bytes.ToArray());
        return true;
    }

    public static void WriteUnsigned(AsnWriter writer, BigInteger value) => writer.WriteIntegerUnsigned(value.ToByteArrayUnsigned() is { Length: > 0 } bytes ? bytes : [0]);

    /// <summary>AlgorithmIdentifier (RFC 5280 §4.1.1.2); NULL parameters are written where <paramref name="withNull"/> says so.</summary>
    public static void WriteAlgorithm(AsnWriter writer, string oid, bool withNull)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            if (withNull)
            {
                writer.WriteNull();
            }
        }
    }
}
