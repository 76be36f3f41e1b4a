using System;
using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>What is taken from one store to another, and how.</summary>
public sealed record TransferOptions
{
    /// <summary>The parts; empty for all.</summary>
    public IReadOnlyList<StorePart> Parts { get; init; } = [];

    /// <summary>Only certificates of these entries; <c>null</c> for all.</summary>
    public IReadOnlyList<string>? LineageIds { get; init; }

    /// <summary>Whether a thing with this name is meant.</summary>
    public Func<string, bool> IsMeant { get; init; } = _ => true;

    /// <summary>What to do with what is there already.</summary>
    public TransferConflict Conflict { get; init; }

    /// <summary>Whether what is taken is renewed by the new store. Otherwise policies come switched off, and orders ask for no renewal: two stores must not renew, and pay for, the same certificate.</summary>
    public bool EnablesRenewal { get; init; }

    /// <summary>True when the other store is a file to be taken somewhere else: everything goes in as it is.</summary>
    internal bool IsExport { get; init; }

    internal bool Takes(StorePart part) => Parts.Count == 0 ? LineageIds is null || part == StorePart.Certificates : System.Linq.Enumerable.Contains(Parts, part);
}
