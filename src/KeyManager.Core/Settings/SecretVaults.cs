using System.Threading;

namespace KeyManager;

/// <summary>Opens secrets that may lie in a vault, with the vaults of the command that runs.</summary>
/// <remarks>
/// A vault belongs to the session of whoever runs a command, and the open store serves all commands of a process: which vaults are meant goes with the flow of
/// the command, so that those who need a secret need not know that it might lie elsewhere.
/// </remarks>
public static class SecretVaults
{
    private static readonly AsyncLocal<ISecretVaults?> Flowing = new();

    /// <summary>The vaults of the command that runs here; <c>null</c> outside of one.</summary>
    public static ISecretVaults? Current
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    /// <summary>The secret itself: what is stored, or what the vault keeps that it names. The caller overwrites it.</summary>
    /// <exception cref="CredentialException">KmVaultUnavailable, KmVaultSecretNotFound.</exception>
    public static byte[]? Open(byte[]? stored)
    {
        if (SecretReference.Read(stored) is not SecretReference reference)
        {
            return stored;
        }

        return Current is ISecretVaults vaults ? vaults.Get(reference) : throw new CredentialException(ErrorIds.VaultUnavailable, $"The secret {reference} is needed, and no PowerShell is at hand to read it.")
        {
            Target = reference.Name,
            Remedy = "Run the command in PowerShell, or store the secret itself.",
        };
    }
}
