using System.Net;
using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns;

/// <summary>One address of one server of a zone.</summary>
internal sealed record NameServer(DnsName Name, IPAddress Address, IPEndPoint EndPoint)
{
    public override string ToString() => $"{Name} ({Address})";
}
