using System.Collections.Generic;

namespace KeyManager.Providers.Dns.Services.GoDaddy;

/// <summary>What GoDaddy says when it is asked for the name servers of a zone.</summary>
/// <param name="HandedOn">Full names in the zone that have name servers of their own; <c>null</c> when the account has no such zone.</param>
/// <param name="Denied">Its words when it may not be looked at; <c>null</c> when it may, or is not there.</param>
internal sealed record ZoneProbe(IReadOnlyList<string>? HandedOn, string? Denied);
