namespace KeyManager.Providers.Dns.Services.Cloudflare;

/// <summary>A zone as Cloudflare lists it.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="Name">Lower case without a final dot.</param>
/// <param name="Status">initializing, pending, active or moved.</param>
/// <param name="Type">full, partial, secondary or internal.</param>
/// <param name="Account">Whose it is.</param>
internal sealed record CloudflareZone(string Id, string Name, string Status, string Type, string Account)
{
    /// <summary>The world asks Cloudflare for it, and records can be changed there.</summary>
    public bool IsServed => Status == "active" && Type is "full" or "partial";

    /// <summary>Its records are changed at another service.</summary>
    public bool IsCopy => Type == "secondary";

    /// <summary>Internal DNS: no authority outside ever sees it.</summary>
    public bool IsPrivate => Type == "internal";

    public override string ToString() => $"{Id} ({Status}, account {Account})";
}
