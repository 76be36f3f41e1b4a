using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace KeyManager.Providers.Networking;

/// <summary>Reads "192.0.2.1", "192.0.2.1:53", "2001:db8::1" and "[2001:db8::1]:53".</summary>
internal static class EndPointText
{
    /// <exception cref="InvalidRequestException">KmInvalidParameter: not an address with a port.</exception>
    public static IPEndPoint Parse(string text, int defaultPort) =>
        TryParse(text, defaultPort, out IPEndPoint? endPoint)
            ? endPoint!
            : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{text}' is not an IP address with an optional port.")
            {
                Target = text,
                Remedy = $"Write it as 192.0.2.1, 192.0.2.1:{defaultPort}, 2001:db8::1 or [2001:db8::1]:{defaultPort}.",
            };

    public static bool TryParse(string text, int defaultPort, out IPEndPoint? endPoint)
    {
        endPoint = null;
        string value = text.Trim();
        string host = value;
        string? port = null;
        if (value.StartsWith("[", StringComparison.Ordinal))
        {
            int close = value.IndexOf(']');
            if (close < 0 || (close + 1 < value.Length && value[close + 1] != ':'))
            {
                return false;
            }

            host = value.Substring(1, close - 1);
            port = close + 1 < value.Length ? value.Substring(close + 2) : null;
        }
        else if (value.IndexOf(':') >= 0 && value.IndexOf(':') == value.LastIndexOf(':'))
        {
            host = value.Substring(0, value.IndexOf(':'));
            port = value.Substring(value.IndexOf(':') + 1);
        }

        int number = defaultPort;
        if (port is not null && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number is 0 or > ushort.MaxValue))
        {
            return false;
        }

        // IPAddress.TryParse takes "1" and "1.2" for addresses as well.
        if (!IPAddress.TryParse(host, out IPAddress? address) || (address.AddressFamily == AddressFamily.InterNetwork && host.Split('.').Length != 4))
        {
            return false;
        }

        endPoint = new IPEndPoint(address, number);
        return true;
    }
}
