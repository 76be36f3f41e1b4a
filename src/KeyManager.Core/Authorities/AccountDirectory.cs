using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>What an authority keeps for an account. A part that was not asked for is <c>null</c>.</summary>
public sealed record AccountDirectory
{
    /// <summary>The groups.</summary>
    public IReadOnlyList<AuthorityGroup>? Groups { get; init; }

    /// <summary>The organizations.</summary>
    public IReadOnlyList<Organization>? Organizations { get; init; }

    /// <summary>The domains.</summary>
    public IReadOnlyList<AuthorityDomain>? Domains { get; init; }
}
