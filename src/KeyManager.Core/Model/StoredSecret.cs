using KeyManager.Storage;

namespace KeyManager;

/// <summary>What is known about a stored secret, never the secret itself.</summary>
public sealed record StoredSecret
{
    /// <summary>Kind, owner and what it is, such as dns/cloudflare/ApiToken.</summary>
    public required string Name { get; init; }

    /// <summary>Whose it is.</summary>
    public required SecretKind Kind { get; init; }

    /// <summary>Name of the owner.</summary>
    public required string Owner { get; init; }

    /// <summary>What it is: the name of the setting, PrivateKey or KeystorePassword.</summary>
    public required string Setting { get; init; }

    /// <summary>The vault of SecretManagement that it lies in; <c>null</c> when it lies in the store.</summary>
    public string? VaultName { get; init; }

    /// <summary>Its name in that vault.</summary>
    public string? VaultSecretName { get; init; }

    /// <summary>Identifier of the owner, for the audit trail.</summary>
    internal string OwnerId { get; init; } = "";

    internal SecretRef Place { get; init; } = new("", "", "");

    public override string ToString() => Name;
}
