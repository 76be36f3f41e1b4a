using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using KeyManager.Storage;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KeyManager.Providers.Secrets;

/// <summary>A key from a passphrase through Argon2id; salt and cost lie in the row.</summary>
internal sealed class PassphraseSource(Argon2Cost cost) : IKeySource
{
    private const int SaltLength = 16;
    private const int ShortestPassphrase = 8;

    public KeyProtectorKind Kind => KeyProtectorKind.Passphrase;

    public NewProtectorKey Create(KeyProtectorRequest request, ProtectorSite site)
    {
        if (request.Passphrase is not { Length: >= ShortestPassphrase } passphrase)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"A passphrase protector needs a passphrase of at least {ShortestPassphrase} characters.")
            {
                Remedy = "Choose a longer one; four random words are good and easy to keep.",
            };
        }

        byte[] salt = new byte[SaltLength];
        using (RandomNumberGenerator generator = RandomNumberGenerator.Create())
        {
            generator.GetBytes(salt);
        }

        JObject parameters = new()
        {
            ["kdf"] = "argon2id",
            ["version"] = 19,
            ["memoryKiB"] = cost.MemoryKiB,
            ["passes"] = cost.Passes,
            ["lanes"] = cost.Lanes,
            ["salt"] = Convert.ToBase64String(salt),
        };
        return new NewProtectorKey(Derive(passphrase, salt, cost), "", parameters.ToString(Formatting.None), () => { });
    }

    public IEnumerable<SecretBytes> Find(ProtectorRow row, ProtectorSite site, byte[]? passphrase)
    {
        if (passphrase is null)
        {
            throw new StoreException(ErrorIds.ProtectorUnavailable, "no passphrase was given");
        }

        (byte[] salt, Argon2Cost stored) = ReadParameters(row.Parameters);
        return [Derive(passphrase, salt, stored)];
    }

    private static (byte[] Salt, Argon2Cost Cost) ReadParameters(string text)
    {
        try
        {
            JObject parameters = JObject.Parse(text);
            byte[] salt = Convert.FromBase64String((string?)parameters["salt"] ?? "");
            Argon2Cost stored = new((int?)parameters["memoryKiB"] ?? 0, (int?)parameters["passes"] ?? 0, (int?)parameters["lanes"] ?? 0);
            if ((string?)parameters["kdf"] == "argon2id" && (int?)parameters["version"] == 19 && salt.Length == SaltLength && stored.IsAcceptable)
            {
                return (salt, stored);
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or OverflowException)
        {
            // Said below, in the same words: the row is not one of ours.
        }

        throw new StoreException(ErrorIds.ProtectorUnavailable, "its parameters are outside of what KeyManager accepts; the row was changed");
    }

    private static SecretBytes Derive(byte[] passphrase, byte[] salt, Argon2Cost cost) =>
        SecretBytes.Take(Argon2id.Derive(passphrase, salt, cost.MemoryKiB, cost.Passes, cost.Lanes, DataKey.Length));
}
