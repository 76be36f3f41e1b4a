using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;

namespace KeyManager.Providers.Dns;

/// <summary>The DNS servers that this machine is set up to ask. Never a public one that nobody chose.</summary>
internal static class SystemResolvers
{
    /// <summary>Port of the DNS (RFC 1035 §4.2).</summary>
    public const int Port = 53;

    /// <summary>In the order of the system; read anew every time, since a laptop changes networks.</summary>
    /// <exception cref="DnsException">None is set up, or the list cannot be read.</exception>
    public static IReadOnlyList<IPEndPoint> Find()
    {
        IReadOnlyList<IPEndPoint> servers = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? OfInterfaces() : OfFile("/etc/resolv.conf");
        return servers.Count > 0 ? servers : throw new DnsException("No DNS server is set up on this machine.");
    }

    /// <summary>The nameserver lines of a resolv.conf (resolv.conf(5)).</summary>
    internal static IReadOnlyList<IPEndPoint> Parse(IEnumerable<string> lines) => lines
        .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length >= 2 && words[0] == "nameserver")
        .Select(words => IPAddress.TryParse(words[1], out IPAddress? address) ? address : null)
        .OfType<IPAddress>()
        .Distinct()
        .Select(address => new IPEndPoint(address, Port))
        .ToList();

    private static IReadOnlyList<IPEndPoint> OfFile(string path)
    {
        try
        {
            return Parse(File.ReadAllLines(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DnsException($"The DNS servers of this machine cannot be read from {path}: {error.Message}", error);
        }
    }

    private static IReadOnlyList<IPEndPoint> OfInterfaces()
    {
        try
        {
            return NetworkInterface.GetAllNetworkInterfaces()
                .Where(card => card.OperationalStatus == OperationalStatus.Up && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(card => card.GetIPProperties().DnsAddresses)

                // fec0:0:0:ffff::1 to ::3 are what Windows lists when nothing is set up (RFC 3879 took them away).
                .Where(address => !address.IsIPv6SiteLocal)
                .Distinct()
                .Select(address => new IPEndPoint(address, Port))
                .ToList();
        }
        catch (NetworkInformationException error)
        {
            throw new DnsException($"The DNS servers of this machine cannot be read: {error.Message}", error);
        }
    }
}
