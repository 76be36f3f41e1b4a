using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>How CAA records name an authority and an account of it.</summary>
/// <param name="Identities">What an issue property may name (RFC 8659 §4.2).</param>
/// <param name="AccountUri">The account (RFC 8657 §3); <c>null</c> when it has no address.</param>
public sealed record CaaNames(IReadOnlyList<string> Identities, string? AccountUri);
