namespace KeyManager.Providers.Dns.Services.Rfc2136;

/// <summary>A name server that takes updates, and how.</summary>
/// <param name="Address">Its address or name, with a port when that is not 53: "192.0.2.1", "[2001:db8::1]:5353", "ns1.example.com:53". The primary, not a copy.</param>
/// <param name="Key">What the updates are signed with; <c>null</c> when the server goes by the address of who asks.</param>
/// <param name="Zone">The zone of all names; <c>null</c> to ask the server. To be given where the server answers no questions, and for a zone of one label.</param>
/// <param name="Owner">What follows the server in an error, such as " of the DNS account bind".</param>
internal sealed record Rfc2136Server(string Address, TsigKey? Key, string? Zone = null, string Owner = "");
