using System.Collections.Generic;

namespace KeyManager.Moving;

/// <summary>An account with an ACME authority, as another program keeps it.</summary>
public sealed record ForeignAccount
{
    /// <summary>What its certificates call it; unique within the program's data.</summary>
    public required string Id { get; init; }

    /// <summary>What people would call it, such as the host of the authority; need not be unique.</summary>
    public required string Name { get; init; }

    /// <summary>Address of the authority's directory; <c>null</c> when the program does not keep it.</summary>
    public string? DirectoryUrl { get; init; }

    /// <summary>Another address of the same server, such as the one of the account or of an order; <c>null</c> when the program keeps none.</summary>
    public string? AuthorityAddress { get; init; }

    /// <summary>E-mail addresses, without mailto:.</summary>
    public IReadOnlyList<string> Contact { get; init; } = [];

    /// <summary>The key in a form that Add-KmAccount takes: PEM or JSON Web Key.</summary>
    public required byte[] Key { get; init; }

    /// <summary>The file it was read from.</summary>
    public required string Source { get; init; }

    // A record prints its members; secrets are none to print.
    public override string ToString() => Name;
}
