namespace KeyManager.Providers.Dns.Services.ClouDns;

/// <summary>A zone at ClouDNS.</summary>
/// <param name="Name">Lower case without a final dot.</param>
/// <param name="Master">The zone whose records it has: itself, or the master of a cloud domain.</param>
/// <param name="Type">master, slave, cloud, ...</param>
/// <param name="IsActive">False when it is switched off.</param>
internal sealed record ClouDnsZone(string Name, string Master, string Type, bool IsActive)
{
    /// <summary>Its records are changed at another service.</summary>
    public bool IsCopy => Type == "slave";
}
