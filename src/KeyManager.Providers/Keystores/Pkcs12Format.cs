using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Keystores;

/// <summary>
/// PKCS#12 (RFC 7292). Has no state; safe for several threads. A password may hold any letters, and OpenSSL and .NET open the file then;
/// Java alone takes only ASCII here ("Password is not ASCII"), while it takes any letters for its own keystore.
/// </summary>
public sealed class Pkcs12Format : IKeystoreFormat
{
    // Twice what Windows and OpenSSL write; the old systems that need this form are slow, and 3DES with SHA-1 is not saved by more.
    private const int LegacyIterations = 4_096;

    private readonly int? _iterations;

    public Pkcs12Format()
    {
    }

    /// <summary>For tests, which write hundreds of keystores.</summary>
    internal Pkcs12Format(int iterations) => _iterations = iterations;

    public KeystoreType Type => KeystoreType.Pkcs12;

    /// <summary>A sequence that starts with the number 3 and a sequence; any length, so that a file cut short is still named right.</summary>
    public bool Recognizes(byte[] data)
    {
        Guard.NotNull(data);
        if (data.Length < 6 || data[0] != 0x30)
        {
            return false;
        }

        int start = data[1] < 0x80 ? 2 : 2 + (data[1] & 0x7F);
        return data.Length > start + 3 && data[start] == 2 && data[start + 1] == 1 && data[start + 2] == 3 && data[start + 3] == 0x30;
    }

    public byte[] Write(IReadOnlyList<KeystoreEntry> entries, KeystoreOptions options)
    {
        Guard.NotNull(entries);
        string password = KeystoreErrors.RequirePassword(Guard.NotNull(options), "PKCS#12");
        bool isLegacy = options.Pkcs12Protection == Pkcs12Protection.Legacy;
        int iterations = _iterations ?? (isLegacy ? LegacyIterations : ModernIterations(entries.Count(e => e.Key is not null)));
        return new Pkcs12Writer(password, isLegacy, iterations, options.KeyProvider).Write(entries);
    }

    public IReadOnlyList<KeystoreEntry> Read(byte[] data, string? password, string source)
    {
        Guard.NotNull(data);
        return UntrustedBytes.Read(
            source, ErrorIds.KeystoreUnreadable, "a PKCS#12 keystore", KeystoreErrors.Remedy, () => new Pkcs12Reader(password).Read(data));
    }

    /// <summary>
    /// Five times what Java writes, where it can be: .NET refuses a file whose derivations (MAC, certificates, each key) add up to more than
    /// a million iterations, so a keystore of many keys has fewer for each.
    /// </summary>
    private static int ModernIterations(int keys) => Math.Max(10_000, Math.Min(50_000, 900_000 / (keys + 2)));
}
