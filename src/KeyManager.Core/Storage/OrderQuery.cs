using System;
using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Which orders; all conditions that are given must hold. Newest first.</summary>
public sealed record OrderQuery
{
    /// <summary>Entry name; * and ? are wildcards, letter case does not matter.</summary>
    public string? Name { get; init; }

    /// <summary>One of the domain names, exactly (in its ASCII form).</summary>
    public string? DomainName { get; init; }

    /// <summary>Any of these states; empty for all.</summary>
    public IReadOnlyList<OrderStatus> Status { get; init; } = [];

    /// <summary>Only those with something left to do, or only those without; <c>null</c> for both.</summary>
    public bool? IsOpen { get; init; }

    /// <summary>Account.</summary>
    public string? AccountId { get; init; }

    /// <summary>The authority's number for it.</summary>
    public string? AuthorityOrderId { get; init; }

    /// <summary>Tags, owners, groups.</summary>
    public LabelFilter Labels { get; init; } = LabelFilter.None;

    /// <summary>Entry.</summary>
    public string? LineageId { get; init; }

    /// <summary>Only those whose proof is, or may be, published.</summary>
    public bool HasPublishedProof { get; init; }

    /// <summary>Only those whose control of names is proved by e-mail.</summary>
    public bool IsByEmail { get; init; }

    /// <summary>The certificate being renewed.</summary>
    public string? RenewsCertificateId { get; init; }
}
