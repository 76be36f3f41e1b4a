namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>A record as GoDaddy lists it.</summary>
/// <param name="Id">How the third interface calls it; "" in the first, which has no such thing.</param>
/// <param name="Type">TXT, CNAME, NS, ...</param>
/// <param name="Name">Relative to the zone; @ is the zone itself.</param>
/// <param name="Data">The text as it is meant, or a host name.</param>
/// <param name="Ttl">Seconds; <c>null</c> when it does not say.</param>
internal sealed record GoDaddyRecord(string Id, string Type, string Name, string Data, int? Ttl);
