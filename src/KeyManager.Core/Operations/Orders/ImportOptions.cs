using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>Which orders of an account to take over.</summary>
public sealed record ImportOptions
{
    /// <summary>Name or id of the account; <c>null</c> takes the default account.</summary>
    public string? Account { get; init; }

    /// <summary>Only these, by the authority's numbers; empty for all.</summary>
    public IReadOnlyList<string> AuthorityOrderIds { get; init; } = [];

    /// <summary>Leave out the certificates of orders in these states (Expired, Revoked, Rejected); the orders themselves are taken over in any case.</summary>
    public IReadOnlyList<OrderStatus> Exclude { get; init; } = [];

    /// <summary>What to write on the orders that are new here, and on their entries.</summary>
    public LabelChange Labels { get; init; } = LabelChange.None;

    /// <summary>Begin at the first page also where an import was interrupted.</summary>
    public bool FromStart { get; init; }
}
