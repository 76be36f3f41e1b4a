using System;
using System.Collections.Generic;
using System.Text;

namespace KeyManager.Tests.Secrets;

/// <summary>Vaults in memory; each is asked once, as a command asks.</summary>
internal sealed class FakeVaults : ISecretVaults
{
    private readonly Dictionary<SecretReference, string> _read = [];

    public Dictionary<SecretReference, string> Secrets { get; } = [];

    /// <summary>What was asked for, in order.</summary>
    public List<SecretReference> Asked { get; } = [];

    /// <summary>Called before a vault is asked; may throw.</summary>
    public Action? Before { get; set; }

    public byte[] Get(SecretReference reference)
    {
        if (!_read.TryGetValue(reference, out string? secret))
        {
            Asked.Add(reference);
            Before?.Invoke();
            _read[reference] = secret = Secrets.TryGetValue(reference, out string? found) ? found
                : throw new CredentialException(ErrorIds.VaultSecretNotFound, $"The vault '{reference.VaultName}' has no secret '{reference.Name}'.") { Remedy = "Another one." };
        }

        return Encoding.UTF8.GetBytes(secret);
    }
}
