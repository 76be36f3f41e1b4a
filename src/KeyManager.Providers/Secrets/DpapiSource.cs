using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using KeyManager.Providers.Files;
using KeyManager.Storage;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Secrets;

/// <summary>A random key, encrypted by Windows for the user or the machine, with the store as entropy.</summary>
internal sealed class DpapiSource(KeyProtectorKind kind, HostEnvironment environment) : IKeySource
{
    private const int ProfileNotLoaded = unchecked((int)0x80070002);
    private const int WrongState = unchecked((int)0x8009000B);
    private const int BadData = unchecked((int)0x8007000D);

    public KeyProtectorKind Kind => kind;

    private DataProtectionScope Scope => kind == KeyProtectorKind.DpapiUser ? DataProtectionScope.CurrentUser : DataProtectionScope.LocalMachine;

    public NewProtectorKey Create(KeyProtectorRequest request, ProtectorSite site)
    {
        RequireWindows();
        SecretBytes key = SecretBytes.Random(DataKey.Length);
        try
        {
            byte[] encrypted = ProtectedData.Protect(key.Bytes, Encoding.UTF8.GetBytes(site.StoreId), Scope);
            JObject parameters = new() { ["key"] = Convert.ToBase64String(encrypted) };
            return new NewProtectorKey(key, "", parameters.ToString(Formatting.None), () => { });
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException)
        {
            key.Dispose();
            throw Unavailable(e);
        }
    }

    public IEnumerable<SecretBytes> Find(ProtectorRow row, ProtectorSite site, byte[]? passphrase)
    {
        RequireWindows();
        try
        {
            byte[] encrypted = Convert.FromBase64String((string?)JObject.Parse(row.Parameters)["key"] ?? "");
            return [SecretBytes.Take(ProtectedData.Unprotect(encrypted, Encoding.UTF8.GetBytes(site.StoreId), Scope))];
        }
        catch (Exception e) when (e is CryptographicException or PlatformNotSupportedException or JsonException or FormatException)
        {
            throw Unavailable(e);
        }
    }

    private void RequireWindows()
    {
        if (!environment.IsWindows)
        {
            throw new StoreException(ErrorIds.ProtectorUnavailable, "Windows data protection exists on Windows only")
            {
                Remedy = "Use a key file or a passphrase.",
            };
        }
    }

    private StoreException Unavailable(Exception e)
    {
        string reason = e.HResult switch
        {
            ProfileNotLoaded => "the user's profile is not loaded (a task with the option 'do not store password' does not load it)",
            WrongState or BadData when kind == KeyProtectorKind.DpapiUser => "it was made by another user, on another machine, or before an administrator reset the password",
            WrongState or BadData => "it was made on another machine",
            _ => e.Message,
        };
        return new StoreException(ErrorIds.ProtectorUnavailable, $"Windows data protection refuses: {reason}", e);
    }
}
