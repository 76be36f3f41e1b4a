using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using KeyManager.Providers.Networking;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>A server as a user writes it: an address or a name, perhaps with a port.</summary>
internal sealed class ServerAddress
{
    private readonly string _text;
    private readonly IPEndPoint? _endPoint;
    private readonly string _host;
    private readonly int _port;

    private ServerAddress(string text, IPEndPoint? endPoint, string host, int port)
    {
        _text = text;
        _endPoint = endPoint;
        _host = host;
        _port = port;
    }

    /// <exception cref="InvalidRequestException">KmInvalidParameter: neither an address nor a name.</exception>
    public static ServerAddress Parse(string text)
    {
        string value = text.Trim();
        if (EndPointText.TryParse(value, SystemResolvers.Port, out IPEndPoint? endPoint))
        {
            return new ServerAddress(value, endPoint, "", 0);
        }

        int colon = value.IndexOf(':');
        string host = colon < 0 ? value : value.Substring(0, colon);
        int port = SystemResolvers.Port;
        bool hasPort = colon < 0
            || (int.TryParse(value.Substring(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue);

        // "192.0.2.300" and "1" are mistyped addresses and not names: no top-level domain is a number.
        string last = host.TrimEnd('.').Split('.').Last();
        if (!hasPort || last.Length == 0 || last.All(c => c is >= '0' and <= '9') || host.Any(c => c is '[' or ']' or '/' or ' '))
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{text}' is neither the address nor the name of a DNS server.")
            {
                Target = text,
                Remedy = "Write it as 192.0.2.1, 192.0.2.1:53, [2001:db8::1]:53, ns1.example.com or ns1.example.com:53.",
            };
        }

        UpdateNames.Parse(host, "server");
        return new ServerAddress(value, null, host, port);
    }

    /// <summary>Where the server is; one at least.</summary>
    /// <exception cref="TransportException">KmDnsUnreachable: the name has no address.</exception>
    public async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(Clock clock, Func<string, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        if (_endPoint is not null)
        {
            return [_endPoint];
        }

        try
        {
            IPAddress[] addresses = await TimeLimit.RunAsync(clock, ZoneFinder.FindTimeLimit, _ => resolve(_host), cancellationToken).ConfigureAwait(false);
            return addresses.Length > 0 ? [.. addresses.Select(address => new IPEndPoint(address, _port))] : throw NoAddress(null);
        }
        catch (Exception error) when (error is SocketException or TimeoutException)
        {
            throw NoAddress(error);
        }
    }

    public override string ToString() => _text;

    private TransportException NoAddress(Exception? inner) =>
        new(ErrorIds.DnsUnreachable, $"The DNS server {_text} has no address: {inner?.Message ?? "its name has none"}.", inner)
        {
            Target = _text,
            Remedy = "Look whether the name is right and this machine can resolve it, or give the address.",
            IsTransient = true,
            WasNeverSent = true,
        };
}
