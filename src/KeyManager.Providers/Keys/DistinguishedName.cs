using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Text;

namespace KeyManager.Providers.Keys;

/// <summary>X.501 names as text (RFC 4514) and as DER.</summary>
internal static class DistinguishedName
{
    private static readonly IReadOnlyDictionary<string, string> ShortNames = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // RFC 4514 §3
        [Oids.CommonName] = "CN",
        [Oids.Locality] = "L",
        [Oids.State] = "ST",
        [Oids.Organization] = "O",
        [Oids.OrganizationalUnit] = "OU",
        [Oids.Country] = "C",
        ["2.5.4.9"] = "STREET",
        ["0.9.2342.19200300.100.1.25"] = "DC",
        ["0.9.2342.19200300.100.1.1"] = "UID",

        // Not in the RFC, but in most certificates with an organization; the names are OpenSSL's.
        [Oids.Email] = "emailAddress",
        ["2.5.4.4"] = "SN",
        ["2.5.4.5"] = "serialNumber",
        ["2.5.4.12"] = "title",
        ["2.5.4.15"] = "businessCategory",
        ["2.5.4.17"] = "postalCode",
        ["2.5.4.42"] = "GN",
        ["2.5.4.97"] = "organizationIdentifier",
        ["1.3.6.1.4.1.311.60.2.1.1"] = "jurisdictionL",
        ["1.3.6.1.4.1.311.60.2.1.2"] = "jurisdictionST",
        ["1.3.6.1.4.1.311.60.2.1.3"] = "jurisdictionC",
    };

    /// <summary>RFC 4514 text: the last part first, as everybody shows it.</summary>
    public static string ToText(ReadOnlyMemory<byte> name)
    {
        List<string> parts = [];
        AsnReader sequence = Der.OpenSequence(name);
        while (sequence.HasData)
        {
            List<string> values = [];
            AsnReader set = sequence.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
            {
                AsnReader pair = set.ReadSequence();
                string oid = pair.ReadObjectIdentifier();
                values.Add(PairToText(oid, pair.ReadEncodedValue()));
            }

            values.Reverse();
            parts.Add(string.Join("+", values));
        }

        parts.Reverse();
        return string.Join(",", parts);
    }

    /// <summary>The common names that are names a certificate can be for, in their order; others ("Contoso Root CA") are left out.</summary>
    public static IReadOnlyList<DomainName> DomainNames(ReadOnlyMemory<byte> name)
    {
        List<DomainName> names = [];
        AsnReader sequence = Der.OpenSequence(name);
        while (sequence.HasData)
        {
            AsnReader set = sequence.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
            {
                AsnReader pair = set.ReadSequence();
                if (pair.ReadObjectIdentifier() == Oids.CommonName
                    && Der.TryReadText(pair.ReadEncodedValue(), out string text) && DomainName.TryParse(text, out DomainName domainName))
                {
                    names.Add(domainName);
                }
            }
        }

        return names;
    }

    /// <summary>Writes a subject, in the customary order from country to common name; parts that are absent are left out.</summary>
    public static void Write(AsnWriter writer, SubjectName? subject, string? commonName)
    {
        using (writer.PushSequence())
        {
            WritePart(writer, Oids.Country, subject?.Country?.ToUpperInvariant(), UniversalTagNumber.PrintableString);
            WritePart(writer, Oids.State, subject?.State, UniversalTagNumber.UTF8String);
            WritePart(writer, Oids.Locality, subject?.Locality, UniversalTagNumber.UTF8String);
            WritePart(writer, Oids.Organization, subject?.Organization, UniversalTagNumber.UTF8String);
            foreach (string unit in subject?.OrganizationalUnits ?? [])
            {
                WritePart(writer, Oids.OrganizationalUnit, unit, UniversalTagNumber.UTF8String);
            }

            WritePart(writer, Oids.CommonName, commonName, UniversalTagNumber.UTF8String);
            WritePart(writer, Oids.Email, subject?.Email, UniversalTagNumber.IA5String);
        }
    }

    private static void WritePart(AsnWriter writer, string oid, string? value, UniversalTagNumber type)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return;
        }

        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteCharacterString(type, value!.Trim());
        }
    }

    private static string PairToText(string oid, ReadOnlyMemory<byte> value) =>
        ShortNames.TryGetValue(oid, out string? name) && Der.TryReadText(value, out string text)
            ? $"{name}={Escape(text)}"
            : $"{oid}=#{Hashes.ToHex(value.ToArray())}";

    private static string Escape(string value)
    {
        StringBuilder text = new(value.Length + 8);
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            bool atEdge = (i == 0 && (c == ' ' || c == '#')) || (i == value.Length - 1 && c == ' ');
            if (c < ' ' || c == 0x7F)
            {
                text.Append('\\').Append(Hashes.ToHex([(byte)c]));
            }
            else if (atEdge || ",+\"\\<>;".IndexOf(c) >= 0)
            {
                text.Append('\\').Append(c);
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }
}
