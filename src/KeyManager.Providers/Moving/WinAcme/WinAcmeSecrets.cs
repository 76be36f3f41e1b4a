using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using KeyManager.Providers.Authorities;
using KeyManager.Providers.Files;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Moving.WinAcme;

/// <summary>
/// Reads protected texts of win-acme: "enc-" is encrypted by Windows for the machine, "clear-" stands as it is, "vault://json/KEY" is an entry of secrets.json, and anything else is
/// base64.
/// </summary>
internal sealed class WinAcmeSecrets
{
    private const string Encrypted = "enc-";
    private const string Clear = "clear-";
    private const string Vault = "vault://";
    private const string JsonVault = Vault + "json/";

    private readonly HostEnvironment _environment;
    private readonly Dictionary<string, string> _vault = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="environment">Whether Windows is there to decrypt.</param>
    /// <param name="vault">Content of secrets.json, an object or, of earlier versions, its list; <c>null</c> when there is none.</param>
    public WinAcmeSecrets(HostEnvironment environment, JToken? vault)
    {
        _environment = environment;
        IEnumerable<JObject> entries = vault is JObject file ? file.Objects("Entries") : vault is JArray list ? list.OfType<JObject>() : [];
        foreach (JObject entry in entries)
        {
            if (entry.Text("Key") is string key && entry.Text("Secret") is string secret)
            {
                _vault[key] = secret;
            }
        }
    }

    /// <summary>The secret; <c>null</c> when there is no text.</summary>
    /// <exception cref="FormatException">Why it cannot be read, in a sentence.</exception>
    public string? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        string value = Decode(text!);
        if (!value.StartsWith(Vault, StringComparison.OrdinalIgnoreCase))
        {
            return value;
        }

        if (!value.StartsWith(JsonVault, StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException("A secret of it comes from a script or from the environment at each run.");
        }

        return _vault.TryGetValue(value.Substring(JsonVault.Length), out string? secret) ? Decode(secret) : throw new FormatException("A secret of it is not in secrets.json, where it should be.");
    }

    private string Decode(string text)
    {
        if (text.StartsWith(Clear, StringComparison.Ordinal))
        {
            return text.Substring(Clear.Length);
        }

        if (text.StartsWith(Vault, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        try
        {
            return Encoding.UTF8.GetString(text.StartsWith(Encrypted, StringComparison.Ordinal) ? Decrypt(Convert.FromBase64String(text.Substring(Encrypted.Length))) : Convert.FromBase64String(text));
        }
        catch (FormatException error) when (error is not UnreadableSecretException)
        {
            throw new FormatException("A secret of it is damaged.", error);
        }
    }

    private byte[] Decrypt(byte[] data)
    {
        const string Here = "A secret of it is encrypted by Windows for the machine where it was written, and can be read on that machine only.";
        if (!_environment.IsWindows)
        {
            throw new UnreadableSecretException(Here, null);
        }

        try
        {
            return ProtectedData.Unprotect(data, null, DataProtectionScope.LocalMachine);
        }
        catch (Exception error) when (error is CryptographicException or PlatformNotSupportedException)
        {
            throw new UnreadableSecretException(Here, error);
        }
    }

    private sealed class UnreadableSecretException(string message, Exception? inner) : FormatException(message, inner);
}
