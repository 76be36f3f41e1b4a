using System.Collections.Generic;
using System.Formats.Asn1;

namespace KeyManager.Providers.Keys;

/// <summary>The certs-only SignedData of PKCS#7 (RFC 2315 §9.1), known as .p7b and .p7c.</summary>
internal static class Pkcs7
{
    /// <summary>True when it starts as a ContentInfo of signed data.</summary>
    public static bool IsIt(byte[] der)
    {
        try
        {
            AsnReader sequence = Der.OpenSequence(der);
            return Der.NextIs(sequence, UniversalTagNumber.ObjectIdentifier) && sequence.ReadObjectIdentifier() == Oids.Pkcs7SignedData;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary>The certificates in the order of the file; signatures and revocation lists are passed over.</summary>
    public static IReadOnlyList<byte[]> Read(byte[] der)
    {
        AsnReader contentInfo = Der.OpenSequence(der);
        string type = contentInfo.ReadObjectIdentifier();
        if (type != Oids.Pkcs7SignedData)
        {
            throw new UnusableBytesException(null, "is PKCS#7, but of a kind that holds no certificates");
        }

        AsnReader signedData = contentInfo.ReadSequence(Der.Tag(0)).ReadSequence();
        signedData.ReadEncodedValue(); // version
        signedData.ReadEncodedValue(); // digestAlgorithms
        signedData.ReadEncodedValue(); // contentInfo
        List<byte[]> certificates = [];
        if (Der.NextIs(signedData, 0))
        {
            AsnReader set = signedData.ReadSequence(Der.Tag(0));
            while (set.HasData)
            {
                bool isCertificate = Der.NextIs(set, UniversalTagNumber.Sequence); // attribute certificates and the like are tagged
                byte[] value = set.ReadEncodedValue().ToArray();
                if (isCertificate)
                {
                    certificates.Add(value);
                }
            }
        }

        return certificates;
    }

    public static byte[] Write(IEnumerable<byte[]> certificates)
    {
        AsnWriter writer = Der.Writer();
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.Pkcs7SignedData);
            using (writer.PushSequence(Der.Tag(0)))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                using (writer.PushSetOf())
                {
                }

                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Oids.Pkcs7Data);
                }

                // A SET OF, which DER would sort; nothing is signed over it, and readers show certificates in this order: leaf first.
                using (writer.PushSequence(Der.Tag(0)))
                {
                    foreach (byte[] certificate in certificates)
                    {
                        writer.WriteEncodedValue(certificate);
                    }
                }

                using (writer.PushSetOf())
                {
                }
            }
        }

        return writer.Encode();
    }
}
