using System;
using System.Globalization;
using System.Linq;
using System.Net;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Challenges.Listening;

/// <summary>Where KeyManager itself answers an authority: "80", "*:80", "127.0.0.1:5002", "[::1]:80"; without a port the one of the challenge.</summary>
/// <param name="Address">An address of this machine; <c>null</c> for all of them, IPv4 and IPv6.</param>
/// <param name="Port">The TCP port.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port)
{
    /// <exception cref="InvalidRequestException">KmInvalidParameter: none of these forms.</exception>
    public static ListenAddress Parse(string text, int defaultPort)
    {
        string value = text.Trim();
        if (value == "*")
        {
            return new ListenAddress(null, defaultPort);
        }

        string number = value.StartsWith("*:", StringComparison.Ordinal) ? value.Substring(2) : value;
        if (number.Length > 0 && number.All(c => c is >= '0' and <= '9') && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= ushort.MaxValue)
        {
            return new ListenAddress(null, port);
        }

        return EndPointText.TryParse(value, defaultPort, out IPEndPoint? endPoint)
            ? new ListenAddress(endPoint!.Address, endPoint.Port) // it is there when the text could be read
            : throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{text}' is not an address to listen on.")
            {
                Target = text,
                Remedy = $"Write it as *:{defaultPort} for all addresses of this machine, or as 192.0.2.1:{defaultPort} or [2001:db8::1]:{defaultPort}.",
            };
    }

    public override string ToString() => Address is null ? string.Format(CultureInfo.InvariantCulture, "*:{0}", Port) : new IPEndPoint(Address, Port).ToString();
}
