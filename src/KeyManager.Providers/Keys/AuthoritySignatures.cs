using System;
using System.Collections.Concurrent;

namespace KeyManager.Providers.Keys;

/// <summary>
/// Whether the certificate of an authority is signed by a key, checked once for each pair: a few authorities stand in the chains of all the
/// certificates that a process sees, and checking their signatures again would cost as much as everything else about a chain.
/// </summary>
internal static class AuthoritySignatures
{
    private const int Most = 256;

    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    public static bool IsSignedBy(SignedStructure certificate, string sha256Thumbprint, byte[] subjectPublicKeyInfo)
    {
        string pair = sha256Thumbprint + Hashes.ToHex(Hashes.Sha256(subjectPublicKeyInfo));
        if (Known.TryGetValue(pair, out bool answer))
        {
            return answer;
        }

        answer = certificate.IsSignedBy(subjectPublicKeyInfo);
        if (Known.Count >= Most)
        {
            Known.Clear();
        }

        Known[pair] = answer;
        return answer;
    }
}
