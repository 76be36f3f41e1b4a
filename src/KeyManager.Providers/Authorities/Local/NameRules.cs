using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;

namespace KeyManager.Providers.Authorities.Local;

/// <summary>Which names a private authority issues for: the setting AllowedNames.</summary>
internal sealed class NameRules
{
    private readonly bool _everything;
    private readonly List<string> _domains = [];
    private readonly List<(byte[] Network, int Bits)> _networks = [];

    /// <exception cref="InvalidRequestException">KmInvalidSetting: a part of the setting is neither a name nor a range.</exception>
    public NameRules(string setting)
    {
        foreach (string part in setting.Split([','], StringSplitOptions.RemoveEmptyEntries).Select(p => p.Trim()).Where(p => p.Length > 0))
        {
            if (part == "*")
            {
                _everything = true;
            }
            else if (TryParseNetwork(part, out byte[] network, out int bits))
            {
                _networks.Add((network, bits));
            }
            else if (DomainName.TryParse(part.StartsWith("*.", StringComparison.Ordinal) ? part.Substring(2) : part, out DomainName name) && name.Kind == DomainNameKind.Dns)
            {
                _domains.Add(name.Ascii);
            }
            else
            {
                throw new InvalidRequestException(ErrorIds.InvalidSetting, $"'{part}' in AllowedNames is neither a name nor an address range.")
                {
                    Target = "AllowedNames",
                    Remedy = "For example: contoso.com, 10.0.0.0/8",
                };
            }
        }
    }

    public bool Allows(DomainName name)
    {
        if (_everything)
        {
            return true;
        }

        if (name.Kind != DomainNameKind.IpAddress)
        {
            return _domains.Any(domain => name.BaseName == domain || name.BaseName.EndsWith("." + domain, StringComparison.Ordinal));
        }

        byte[] address = IPAddress.Parse(name.Ascii).GetAddressBytes();
        return _networks.Any(n => n.Network.Length == address.Length && HasPrefix(address, n.Network, n.Bits));
    }

    private static bool HasPrefix(byte[] address, byte[] network, int bits)
    {
        for (int i = 0; i < bits; i++)
        {
            int mask = 0x80 >> (i % 8);
            if ((address[i / 8] & mask) != (network[i / 8] & mask))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryParseNetwork(string text, out byte[] network, out int bits)
    {
        string[] parts = text.Split('/');
        network = [];
        bits = 0;
        if (parts.Length > 2 || !DomainName.TryParse(parts[0], out DomainName name) || name.Kind != DomainNameKind.IpAddress)
        {
            return false;
        }

        network = IPAddress.Parse(name.Ascii).GetAddressBytes();
        bits = network.Length * 8;
        return parts.Length == 1 || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out bits) && bits <= network.Length * 8);
    }
}
