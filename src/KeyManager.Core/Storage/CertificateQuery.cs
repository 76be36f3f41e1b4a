using System;
using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Which certificates; all conditions that are given must hold.</summary>
public sealed record CertificateQuery
{
    /// <summary>Entry name; * and ? are wildcards, letter case does not matter.</summary>
    public string? Name { get; init; }

    /// <summary>One of the domain names, exactly (in its ASCII form).</summary>
    public string? DomainName { get; init; }

    /// <summary>SHA-1 or SHA-256 thumbprint, hexadecimal.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>Serial number, hexadecimal.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>NotAfter at or before this moment.</summary>
    public DateTimeOffset? ExpiresBefore { get; init; }

    /// <summary>NotAfter after this moment.</summary>
    public DateTimeOffset? ExpiresAfter { get; init; }

    /// <summary>Any of these; empty for all saved ones.</summary>
    public IReadOnlyList<CertificateStatus> Status { get; init; } = [];

    /// <summary>Name of the account.</summary>
    public string? Account { get; init; }

    /// <summary>Tags, owners, groups.</summary>
    public LabelFilter Labels { get; init; } = LabelFilter.None;

    /// <summary>Entry; answers come newest version first.</summary>
    public string? LineageId { get; init; }

    /// <summary>The stored key.</summary>
    public string? PrivateKeyId { get; init; }

    /// <summary>Older versions too, not only the current ones.</summary>
    public bool IncludeHistory { get; init; }

    /// <summary>Order by NotAfter instead of by name.</summary>
    public bool SoonestExpiryFirst { get; init; }
}
