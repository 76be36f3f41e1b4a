using System.Linq;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace KeyManager.Providers.Dns;

/// <summary>What this machine can reach at all.</summary>
internal static class LocalNetwork
{
    /// <summary>False for an IPv6 address on a machine that has none of its own to send from: asking it would only cost time.</summary>
    public static bool CanReach(IPAddress address) =>
        address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address) || HasGlobalVersion6();

    private static bool HasGlobalVersion6()
    {
        try
        {
            return Socket.OSSupportsIPv6 && NetworkInterface.GetAllNetworkInterfaces()
                .Where(card => card.OperationalStatus == OperationalStatus.Up)
                .SelectMany(card => card.GetIPProperties().UnicastAddresses)
                .Any(own => own.Address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false } && !IPAddress.IsLoopback(own.Address));
        }
        catch (NetworkInformationException)
        {
            return true;
        }
    }
}
