using KeyManager.Providers.Dns.Wire;

namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>One record that is to be there, or not to be there.</summary>
/// <param name="IsAddition">False to take it away.</param>
/// <param name="Name">Its owner, in full, as A-labels.</param>
/// <param name="Type">TXT or CNAME.</param>
/// <param name="Value">The text, without quotes; the target of a CNAME.</param>
/// <param name="Ttl">Seconds others may keep it. Of no meaning when it is taken away; the whole set of a name gets the one that came last.</param>
internal sealed record DnsChange(bool IsAddition, string Name, DnsType Type, string Value, int Ttl);
