using System.Collections.Generic;

namespace KeyManager.Authorities;

/// <summary>What is needed to make an account.</summary>
public sealed record AccountRequest
{
    /// <summary>Name in <see cref="Secrets"/> of the key of an external account binding, base64url text.</summary>
    public const string EabKey = "eab-key";

    /// <summary>Name in <see cref="Secrets"/> of the token that the authority gave to its customer, UTF-8.</summary>
    public const string AuthToken = "auth-token";

    /// <summary>Identifier it will have in the store.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Which of the authority's systems.</summary>
    public AuthorityEnvironment Environment { get; init; }

    /// <summary>E-mail addresses.</summary>
    public IReadOnlyList<string> Contact { get; init; } = [];

    /// <summary>Settings by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>True when the user accepted the terms of service.</summary>
    public bool AcceptTermsOfService { get; init; }

    /// <summary>Take up the account that the given key has at the authority, and make none when there is none.</summary>
    public bool IsExisting { get; init; }

    /// <summary>Secrets by name, in the clear; the caller overwrites them.</summary>
    public IReadOnlyDictionary<string, byte[]> Secrets { get; init; } = new Dictionary<string, byte[]>();

    // A record prints its members; secrets are none to print.
    public override string ToString() => $"account '{Name}'";
}
