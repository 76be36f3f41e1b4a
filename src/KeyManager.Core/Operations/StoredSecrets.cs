using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Secrets among the settings of something.</summary>
internal static class StoredSecrets
{
    /// <summary>Stores secrets, and takes away those that are empty; answers the names of all that are then there.</summary>
    public static IReadOnlyList<string> Put(IStoreSession session, Func<string, SecretRef> place, IEnumerable<string> before, IReadOnlyDictionary<string, byte[]> secrets)
    {
        SortedSet<string> names = new(before, StringComparer.OrdinalIgnoreCase);
        foreach (KeyValuePair<string, byte[]> secret in secrets)
        {
            if (secret.Value.Length > 0)
            {
                session.Secrets.Put(place(secret.Key), secret.Value);
                names.Add(secret.Key);
            }
            else
            {
                session.Secrets.Remove(place(secret.Key));
                names.Remove(secret.Key);
            }
        }

        return [.. names];
    }

    /// <summary>Whether this is what is stored there; <c>null</c> stands for nothing that could be.</summary>
    public static bool Holds(IStoreSession session, SecretRef place, byte[]? wanted)
    {
        if (session.Secrets.Get(place) is not byte[] stored)
        {
            return false;
        }

        bool isSame = wanted is not null && stored.SequenceEqual(wanted);
        SecretValues.Overwrite([stored]);
        return isSame;
    }

    /// <summary>Reads what lies in vaults before a transaction asks for it: a vault may ask somebody for a password, and nobody else could write meanwhile.</summary>
    /// <param name="store">The store.</param>
    /// <param name="place">Where a secret is, by its name.</param>
    /// <param name="names">The secrets that are stored.</param>
    /// <param name="given">Those that are given anew; they are not read.</param>
    public static void Fetch(IStore store, Func<string, SecretRef> place, IEnumerable<string> names, IReadOnlyDictionary<string, byte[]> given)
    {
        foreach (string name in names.Where(name => !given.ContainsKey(name)))
        {
            if (store.Read(session => session.Secrets.Get(place(name))) is not byte[] stored)
            {
                continue;
            }

            byte[]? secret = null;
            try
            {
                secret = SecretVaults.Open(stored);
            }
            catch (CredentialException)
            {
                // Whoever needs it will say so; it may be just the one that is taken away.
            }
            finally
            {
                SecretValues.Overwrite([stored, secret ?? []]);
            }
        }
    }
}
