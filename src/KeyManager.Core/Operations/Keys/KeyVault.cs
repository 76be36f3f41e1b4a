using System.Security.Cryptography;
using System.Text;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Puts private keys into the store, each once.</summary>
internal static class KeyVault
{
    /// <summary>The hash by which a key is recognised: SHA-256 of its SubjectPublicKeyInfo, upper-case hexadecimal.</summary>
    public static string HashOf(byte[] subjectPublicKeyInfo)
    {
        using SHA256 sha = SHA256.Create();
        StringBuilder text = new(64);
        foreach (byte part in sha.ComputeHash(subjectPublicKeyInfo))
        {
            text.Append(part.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    /// <summary>Stores the key, or answers the stored one when it is there already.</summary>
    public static PrivateKeyInfo Add(IStoreSession session, Clock clock, KeyPair key, string name, OrderOrigin origin)
    {
        string hash = HashOf(key.SubjectPublicKeyInfo);
        if (session.PrivateKeys.FindByPublicKeyHash(hash) is PrivateKeyInfo known)
        {
            return known;
        }

        PrivateKeyInfo info = new()
        {
            Id = Identifier.New(),
            Name = name,
            KeySpec = key.Spec,
            PublicKeyHash = hash,
            Origin = origin,
            CreatedAt = clock.UtcNow,
        };
        session.PrivateKeys.Add(info);
        session.Secrets.Put(SecretRef.PrivateKey(info.Id), key.Pkcs8);
        return info;
    }
}
