using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace KeyManager.Providers.Dns.Wire;

/// <summary>What a CAA record says (RFC 8659 §4.1).</summary>
/// <param name="Flags">128: whoever does not know the tag must not issue. 1 means the same to some authorities, by an early mistake about the order of bits.</param>
/// <param name="Tag">The property in lower case: issue, issuewild, iodef, ...</param>
/// <param name="Value">Its value.</param>
internal sealed record CaaRecord(byte Flags, string Tag, string Value)
{
    /// <summary>Whoever does not know the tag must not issue.</summary>
    public bool IsCritical => (Flags & 0x81) != 0;

    /// <exception cref="DnsException">Not the data of a CAA record.</exception>
    public static CaaRecord Read(DnsRecord record)
    {
        DnsReader reader = new(record.Data);
        byte flags = reader.ReadByte();
        byte[] tag = reader.ReadBytes(reader.ReadByte());
        return tag.Length > 0 && tag.All(IsTagCharacter)
            ? new CaaRecord(flags, Encoding.ASCII.GetString(tag).ToLowerInvariant(), Encoding.UTF8.GetString(reader.ReadRest()))
            : throw new DnsException($"The CAA record of {record.Name} has a tag that is none.");
    }

    /// <summary>The issuer of an issue property and its parameters (RFC 8659 §4.2); <c>null</c> when the value is off its grammar, which allows nobody.</summary>
    public (string Issuer, IReadOnlyList<(string Tag, string Value)> Parameters)? ReadIssuer()
    {
        string[] parts = Value.Split(';');
        string issuer = parts[0].Trim(' ', '\t');
        List<(string Tag, string Value)> parameters = [];
        for (int i = 1; i < parts.Length; i++)
        {
            string part = parts[i].Trim(' ', '\t');
            if (part.Length == 0 && parts.Length == 2)
            {
                break; // ";" alone, or "ca.example;"
            }

            int equals = part.IndexOf('=');
            string tag = equals > 0 ? part.Substring(0, equals).TrimEnd(' ', '\t') : "";
            string value = equals > 0 ? part.Substring(equals + 1).TrimStart(' ', '\t') : "";
            if (tag.Length == 0 || !tag.All(c => c < 128 && IsTagCharacter((byte)c) || c == '-') || value.Any(c => c is < '!' or > '~'))
            {
                return null;
            }

            parameters.Add((tag.ToLowerInvariant(), value));
        }

        bool isName = issuer.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '.');
        return isName ? (issuer.ToLowerInvariant(), parameters) : null;
    }

    public override string ToString() => FormattableString.Invariant($"{Flags} {Tag} \"{Value}\"");

    private static bool IsTagCharacter(byte c) => c is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9');
}
