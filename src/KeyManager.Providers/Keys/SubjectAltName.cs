using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Net;
using System.Text;

namespace KeyManager.Providers.Keys;

/// <summary>The names in a subjectAltName extension (RFC 5280 §4.2.1.6).</summary>
internal static class SubjectAltName
{
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Address = new(TagClass.ContextSpecific, 7);

    /// <summary>The DNS names and addresses; other kinds of name, and names that are not valid, are left out.</summary>
    public static IEnumerable<DomainName> Read(ReadOnlyMemory<byte> extensionValue)
    {
        AsnReader names = Der.OpenSequence(extensionValue);
        while (names.HasData)
        {
            Asn1Tag tag = names.PeekTag();
            string? text = null;
            if (tag == DnsName)
            {
                // Read as bytes: a name outside ASCII is not valid, but it is no reason to refuse the certificate.
                text = Encoding.GetEncoding("ISO-8859-1").GetString(names.ReadOctetString(DnsName));
            }
            else if (tag == Address)
            {
                byte[] bytes = names.ReadOctetString(Address);
                text = bytes.Length is 4 or 16 ? new IPAddress(bytes).ToString() : null;
            }
            else
            {
                names.ReadEncodedValue();
            }

            if (text is not null && IsAscii(text) && DomainName.TryParse(text, out DomainName name))
            {
                yield return name;
            }
        }
    }

    public static byte[] Encode(IEnumerable<DomainName> names)
    {
        AsnWriter writer = Der.Writer();
        using (writer.PushSequence())
        {
            foreach (DomainName name in names)
            {
                if (name.Kind == DomainNameKind.IpAddress)
                {
                    writer.WriteOctetString(IPAddress.Parse(name.Ascii).GetAddressBytes(), Address);
                }
                else
                {
                    writer.WriteOctetString(Encoding.ASCII.GetBytes(name.Ascii), DnsName);
                }
            }
        }

        return writer.Encode();
    }

    private static bool IsAscii(string text)
    {
        foreach (char c in text)
        {
            if (c > 127)
            {
                return false;
            }
        }

        return true;
    }
}
