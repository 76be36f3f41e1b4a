namespace KeyManager;

/// <summary>Reads what lies in the vaults that are registered for whoever runs the command.</summary>
public interface ISecretVaults
{
    /// <summary>The secret in the clear, text in UTF-8. The caller overwrites it.</summary>
    /// <exception cref="CredentialException">KmVaultUnavailable: the vault is not registered here, is locked or fails. KmVaultSecretNotFound: it has no such secret, or one of another kind.</exception>
    byte[] Get(SecretReference reference);
}
