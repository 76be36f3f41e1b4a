using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace KeyManager.Discovery;

/// <summary>One host by name or address, a network (10.0.0.0/24), or a range (10.0.0.1-10.0.0.20, 10.0.0.1-20).</summary>
public sealed class HostRange
{
    private readonly string? _name;
    private readonly BigInteger _first;
    private readonly BigInteger _last;
    private readonly int _bytes;

    private HostRange(string name) => _name = name;

    private HostRange(BigInteger first, BigInteger last, int bytes)
    {
        _first = first;
        _last = last;
        _bytes = bytes;
    }

    /// <summary>How many hosts; what does not fit a number is the largest one.</summary>
    public long Count => _name is not null ? 1 : _last - _first >= long.MaxValue ? long.MaxValue : (long)(_last - _first) + 1;

    /// <summary>Reads one of the forms.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public static HostRange Parse(string text)
    {
        string given = Guard.NotNull(text).Trim();
        if (given.IndexOf('/') is > 0 and int slash)
        {
            return Network(given, given.Substring(0, slash), given.Substring(slash + 1));
        }

        int dash = given.IndexOf('-');
        if (dash > 0 && TryAddress(given.Substring(0, dash), out IPAddress? from))
        {
            return Span(given, from, given.Substring(dash + 1));
        }

        if (TryAddress(given.Trim('[', ']'), out IPAddress? address))
        {
            BigInteger value = ToNumber(address);
            return new HostRange(value, value, address.GetAddressBytes().Length);
        }

        return new HostRange(Name(given));
    }

    /// <summary>True when it is this host.</summary>
    public bool Contains(string host)
    {
        if (_name is not null)
        {
            return string.Equals(_name, host, StringComparison.OrdinalIgnoreCase);
        }

        return TryAddress(host, out IPAddress? address) && address.GetAddressBytes().Length == _bytes && ToNumber(address) is BigInteger value && value >= _first && value <= _last;
    }

    /// <summary>The hosts, one by one.</summary>
    public IEnumerable<string> Enumerate()
    {
        if (_name is not null)
        {
            yield return _name;
            yield break;
        }

        for (BigInteger value = _first; value <= _last; value++)
        {
            yield return ToAddress(value, _bytes).ToString();
        }
    }

    private static HostRange Network(string given, string address, string length)
    {
        if (!TryAddress(address, out IPAddress? network) || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int prefix) || prefix > network.GetAddressBytes().Length * 8)
        {
            throw Invalid(given, "is no network", "Write an address and the length of its prefix, such as 10.0.0.0/24 or 2001:db8::/120.");
        }

        int bytes = network.GetAddressBytes().Length;
        BigInteger size = BigInteger.One << (bytes * 8 - prefix);
        BigInteger first = ToNumber(network) / size * size;
        BigInteger last = first + size - 1;

        // The ends of a network of IPv4 are its own address and its broadcast.
        return bytes == 4 && prefix < 31 ? new HostRange(first + 1, last - 1, bytes) : new HostRange(first, last, bytes);
    }

    private static HostRange Span(string given, IPAddress from, string end)
    {
        byte[] bytes = from.GetAddressBytes();
        IPAddress? to = TryAddress(end, out IPAddress? whole) ? whole : null;
        if (to is null && bytes.Length == 4 && byte.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out byte last))
        {
            to = new IPAddress([bytes[0], bytes[1], bytes[2], last]);
        }

        return to is not null && to.AddressFamily == from.AddressFamily && ToNumber(to) >= ToNumber(from)
            ? new HostRange(ToNumber(from), ToNumber(to), bytes.Length)
            : throw Invalid(given, "is no range of addresses", "Write the first and the last one, such as 10.0.0.1-10.0.0.20 or 10.0.0.1-20.");
    }

    private static string Name(string given)
    {
        string name = given;
        try
        {
            name = given.Any(c => c > 127) ? new IdnMapping().GetAscii(given) : given;
        }
        catch (ArgumentException)
        {
            // Said below.
        }

        return name.Length is > 0 and <= 253 && Uri.CheckHostName(name) == UriHostNameType.Dns && !name.All(c => c == '.' || char.IsDigit(c))
            ? name.ToLowerInvariant()
            : throw Invalid(given, "is no host name, address or network", "Write for example www.contoso.com, www.contoso.com:8443, smtp://mail.contoso.com, 10.0.0.0/24 or [2001:db8::1]:443.");
    }

    // IPAddress takes "10" for 0.0.0.10.
    private static bool TryAddress(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(c => c == '.') == 3);

    private static BigInteger ToNumber(IPAddress address) => new([.. address.GetAddressBytes().Reverse(), 0]);

    private static IPAddress ToAddress(BigInteger value, int bytes)
    {
        byte[] all = new byte[bytes];
        byte[] low = value.ToByteArray();
        for (int i = 0; i < bytes && i < low.Length; i++)
        {
            all[bytes - 1 - i] = low[i];
        }

        return new IPAddress(all);
    }

    private static InvalidRequestException Invalid(string given, string problem, string remedy) =>
        new(ErrorIds.InvalidParameter, $"'{given}' {problem}.") { Target = given, Remedy = remedy };
}
