using System.Linq;

namespace KeyManager.Providers.Moving;

/// <summary>Name servers as other programs keep them: address or name, and a port beside it.</summary>
internal static class NameServerText
{
    private const string Usual = "53";

    /// <summary>Both in one text, as our settings have it: ns1.contoso.com, 192.0.2.1:5353, [2001:db8::1]:5353.</summary>
    public static string Join(string server, string? port) => port is null or Usual ? server : (server.Count(c => c == ':') > 1 ? $"[{server}]" : server) + ":" + port;
}
