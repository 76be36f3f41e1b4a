using System;
using System.Collections.Generic;
using System.Text;
using KeyManager.Challenges;
using KeyManager.Hosting;

namespace KeyManager;

/// <summary>What somebody who has settings gets to work with: settings, secrets, and whom to tell.</summary>
/// <param name="settings">Settings that are not secret, by name.</param>
/// <param name="getSecret">What is stored as a secret, by the name of its setting, in the clear, <c>null</c> when there is none.</param>
/// <param name="reporter">For steps and warnings.</param>
/// <param name="scripts">Runs scripts; <c>null</c> where no PowerShell is at hand.</param>
public abstract class ProviderContext(IReadOnlyDictionary<string, string> settings, Func<string, byte[]?> getSecret, IReporter reporter, IScriptRunner? scripts)
{
    /// <summary>For steps and warnings.</summary>
    public IReporter Reporter { get; } = reporter;

    /// <summary>Runs scripts; <c>null</c> where no PowerShell is at hand.</summary>
    public IScriptRunner? Scripts { get; } = scripts;

    /// <summary>The setting without white space around it; <c>null</c> when it is not set.</summary>
    public string? Setting(string name) => settings.TryGetValue(name, out string? value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>Whether a setting or a secret of this name is there.</summary>
    public bool Has(string name)
    {
        if (Setting(name) is not null)
        {
            return true;
        }

        byte[]? secret = getSecret(name);
        if (secret is null)
        {
            return false;
        }

        Array.Clear(secret, 0, secret.Length);
        return true;
    }

    /// <summary>A secret, <c>null</c> when there is none. Overwrite it after use.</summary>
    /// <exception cref="CredentialException">KmVaultUnavailable, KmVaultSecretNotFound: it lies in a vault, which does not give it.</exception>
    public byte[]? GetSecret(string name) => SecretVaults.Open(getSecret(name));

    /// <summary>A secret as text, for protocols that put it into a header; <c>null</c> when there is none.</summary>
    public string? GetSecretText(string name)
    {
        byte[]? secret = GetSecret(name);
        if (secret is null)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(secret).Trim();
        }
        finally
        {
            Array.Clear(secret, 0, secret.Length);
        }
    }
}
