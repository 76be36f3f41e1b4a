using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>Which DNS account changes the records of a domain, how they differ from the account's usual ones, and which targets its certificates go to.</summary>
public sealed record DomainMapping : INamedRecord
{
    /// <summary>The mapping for every domain that has none of its own.</summary>
    public const string Everything = "*";

    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The domain, as A-labels; the names below it are meant too. "*" for all that have no mapping of their own.</summary>
    public required string DomainName { get; init; }

    /// <summary>Name of the DNS account; <c>null</c> leaves the choice to the zones of the accounts.</summary>
    public string? DnsAccount { get; init; }

    /// <summary>Full name at which the proofs of the domain are written instead of their own, because a CNAME leads there; <c>null</c> for their own.</summary>
    public string? RecordName { get; init; }

    /// <summary>Names of the targets that certificates for the domain are deployed to; empty for none.</summary>
    public IReadOnlyList<string> DeployTargets { get; init; } = [];

    /// <summary>Settings of the account that are others for this domain, such as the zone.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Names of the settings that are others for this domain and stored as secrets.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    string INamedRecord.Name => DomainName;

    /// <summary>True when it changes settings of the account.</summary>
    internal bool HasOverrides => Settings.Count > 0 || Secrets.Count > 0;

    public override string ToString() => DomainName;
}
