namespace KeyManager.Providers.Dns.Services.Route53;

/// <summary>Where a list of record sets begins.</summary>
/// <param name="Name">The first name, with or without a final dot.</param>
/// <param name="Type">The first type at this name; <c>null</c> for all.</param>
/// <param name="Identifier">The first set of this name and type; <c>null</c> for all.</param>
internal sealed record RecordSetStart(string Name, string? Type = null, string? Identifier = null);
