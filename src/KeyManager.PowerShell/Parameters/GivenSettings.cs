using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.PowerShell;

/// <summary>What was given for an account: settings, and secrets that are overwritten when this is disposed.</summary>
internal sealed class GivenSettings(IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, SecretText> secrets) : IDisposable
{
    public IReadOnlyDictionary<string, string> Settings { get; } = settings;

    public IReadOnlyDictionary<string, byte[]> Secrets { get; } = secrets.ToDictionary(s => s.Key, s => s.Value.Utf8, StringComparer.OrdinalIgnoreCase);

    public bool IsEmpty => Settings.Count + Secrets.Count == 0;

    /// <summary>Asks the vaults for what is said to lie in them: a name that is written wrong is found now and not at the next renewal.</summary>
    /// <exception cref="CredentialException">KmVaultUnavailable, KmVaultSecretNotFound.</exception>
    public void Check()
    {
        foreach (byte[] secret in Secrets.Values.Where(s => SecretReference.Read(s) is not null))
        {
            byte[] value = SecretVaults.Open(secret)!; // a reference
            Array.Clear(value, 0, value.Length);
        }
    }

    public void Dispose()
    {
        foreach (SecretText secret in secrets.Values)
        {
            secret.Dispose();
        }
    }
}
