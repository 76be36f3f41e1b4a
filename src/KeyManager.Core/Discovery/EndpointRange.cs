using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using KeyManager.Deployments;

namespace KeyManager.Discovery;

/// <summary>Hosts and the ports at which they are looked at.</summary>
public sealed class EndpointRange
{
    private readonly HostRange _hosts;
    private readonly IReadOnlyList<int> _ports;
    private readonly EndpointProtocol? _protocol;
    private readonly string? _serverName;

    private EndpointRange(HostRange hosts, IReadOnlyList<int> ports, EndpointProtocol? protocol, string? serverName)
    {
        _hosts = hosts;
        _ports = ports;
        _protocol = protocol;
        _serverName = serverName;
    }

    /// <summary>How many pairs of host and port.</summary>
    public long Count => _hosts.Count > long.MaxValue / _ports.Count ? long.MaxValue : _hosts.Count * _ports.Count;

    /// <summary>Reads "host", "host:port", "host:from-to", "smtp://host:port", each with " (name)" behind for the name to ask for; the host may be a network or a range of addresses.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="ports">The ports where the text names none; empty for the usual one of the protocol.</param>
    /// <param name="protocol">What is said before TLS where the text does not say it; <c>null</c> for what is usual on the port.</param>
    /// <param name="serverName">The name to ask for; <c>null</c> for the host.</param>
    /// <exception cref="InvalidRequestException">KmInvalidParameter.</exception>
    public static EndpointRange Parse(string text, IReadOnlyList<int> ports, EndpointProtocol? protocol, string? serverName)
    {
        string rest = Guard.NotNull(text).Trim();

        // As a place is remembered that was asked for a name of its own.
        if (rest.EndsWith(")", StringComparison.Ordinal) && rest.IndexOf(" (", StringComparison.Ordinal) is > 0 and int name)
        {
            serverName = rest.Substring(name + 2, rest.Length - name - 3);
            rest = rest.Substring(0, name);
        }

        int usual = protocol?.DefaultPort() ?? EndpointProtocol.Tls.DefaultPort();
        int scheme = rest.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            if (!EndpointProtocolExtensions.TryParseScheme(rest.Substring(0, scheme), out EndpointProtocol said, out usual))
            {
                throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{text}' begins with a protocol that KeyManager does not know.")
                {
                    Target = text,
                    Remedy = $"Known are: {string.Join(", ", EndpointProtocolExtensions.Schemes)}.",
                };
            }

            protocol = said;

            // As it comes from the address bar of a browser.
            rest = rest.Substring(scheme + 3);
            int path = rest.IndexOf('/');
            rest = path < 0 || IsPrefixLength(rest.Substring(path + 1)) ? rest : rest.Substring(0, path);
            ports = [usual];
        }

        int colon = rest.LastIndexOf(':');
        bool hasPort = colon > 0 && (rest.IndexOf(':') == colon || rest[colon - 1] == ']');
        IReadOnlyList<int> own = hasPort ? Ports(text, rest.Substring(colon + 1)) : ports.Count > 0 ? [.. ports.Distinct()] : [usual];
        return new EndpointRange(HostRange.Parse(hasPort ? rest.Substring(0, colon) : rest), own, protocol, serverName);
    }

    /// <summary>How a place is written, and remembered.</summary>
    public static string LocationOf(Endpoint endpoint)
    {
        Guard.NotNull(endpoint);
        string where = (endpoint with { Protocol = EndpointProtocol.Tls }).ToString();
        string name = endpoint.ServerName is null ? "" : $" ({endpoint.ServerName})";
        return (endpoint.Protocol == EndpointProtocol.Tls ? where : $"{endpoint.Protocol.Scheme()}://{where}") + name;
    }

    /// <summary>The places, one by one: all hosts at the first port, then at the next, so that no single host is flooded.</summary>
    public IEnumerable<Endpoint> Enumerate() =>
        from port in _ports
        from host in _hosts.Enumerate()
        select new Endpoint(host, port, _protocol ?? EndpointProtocolExtensions.OfPort(port), _serverName);

    // "24" or "24:443" of a network, and no folder of a web page.
    private static bool IsPrefixLength(string text) => text.Length > 0 && text.All(c => char.IsDigit(c) || c is ':' or '-');

    private static IReadOnlyList<int> Ports(string text, string ports)
    {
        string[] ends = ports.Split('-');
        if (ends.Length <= 2 && TryPort(ends[0], out int from) && TryPort(ends[ends.Length - 1], out int to) && from <= to)
        {
            return [.. Enumerable.Range(from, to - from + 1)];
        }

        throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{text}' has no port that there is: '{ports}'.")
        {
            Target = text,
            Remedy = "Ports go from 1 to 65535; a range is written as 8000-8100.",
        };
    }

    private static bool TryPort(string text, out int port) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;
}
