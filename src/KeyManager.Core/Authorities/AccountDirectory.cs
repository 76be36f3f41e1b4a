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

    /// <summary>What tells groups of an account apart; letter case does not matter.</summary>
    public static string KeyOf(AuthorityGroup group) => Guard.NotNull(group).Id;

    /// <summary>What tells organizations of an account apart; letter case does not matter.</summary>
    public static string KeyOf(Organization organization) => Guard.NotNull(organization).AuthorityId ?? organization.Id;

    /// <summary>What tells domains of an account apart: one may be validated for several organizations. Letter case does not matter.</summary>
    public static string KeyOf(AuthorityDomain domain) => Guard.NotNull(domain).DomainName + "/" + domain.OrganizationId;
}
