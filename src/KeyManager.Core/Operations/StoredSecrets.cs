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
}
