using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Providers.Keys;

namespace KeyManager.Providers.Keystores;

/// <summary>
/// Java's own keystore before version 9. Store and keys have one password. Aliases are lower-cased, because Java finds no other; an entry
/// without a name gets a number, an alias that is there already gets one behind it. A certificate alone is one entry for each certificate
/// of its chain, since the format has no chain without a key. Java creates no keystore with a password under six characters, but reads them.
/// </summary>
/// <param name="clock">Gives the date that each entry holds.</param>
public sealed class JksFormat(Clock clock) : IKeystoreFormat
{
    internal const uint Magic = 0xFEEDFEED;
    internal const uint KeyEntry = 1;
    internal const uint CertificateEntry = 2;

    public KeystoreType Type => KeystoreType.Jks;

    public bool Recognizes(byte[] data) => StartsWith(Guard.NotNull(data), Magic);

    /// <exception cref="InvalidRequestException">KmInvalidParameter: an alias is too long.</exception>
    public byte[] Write(IReadOnlyList<KeystoreEntry> entries, KeystoreOptions options)
    {
        Guard.NotNull(entries);
        string password = KeystoreErrors.RequirePassword(Guard.NotNull(options), "Java");
        IReadOnlyList<KeystoreEntry> split = entries.SelectMany(Split).ToList();
        JavaOutput output = new();
        output.WriteNumber(Magic);
        output.WriteNumber(2);
        output.WriteNumber((uint)split.Count);
        HashSet<string> aliases = new(StringComparer.Ordinal);
        foreach (KeystoreEntry entry in split)
        {
            WriteEntry(output, entry, MakeAlias(entry.Alias, aliases), password);
        }

        byte[] content = output.ToArray();
        return [.. content, .. JksReader.ComputeDigest(password, content)];
    }

    public IReadOnlyList<KeystoreEntry> Read(byte[] data, string? password, string source)
    {
        Guard.NotNull(data);
        return UntrustedBytes.Read(
            source, ErrorIds.KeystoreUnreadable, "a Java keystore", KeystoreErrors.Remedy, () => new JksReader(data, password).Read());
    }

    internal static bool StartsWith(byte[] data, uint magic) => data.Length >= 4 && new JavaInput(data).ReadNumber() == magic;

    private static IEnumerable<KeystoreEntry> Split(KeystoreEntry entry)
    {
        if (entry.Key is null)
        {
            return entry.Certificates.Select(c => entry with { Certificates = [c] });
        }

        return entry.Certificates.Count > 0
            ? [entry]
            : throw new KeyMaterialException(
                ErrorIds.CertificateNotFound, $"A Java keystore cannot hold the private key '{entry.Alias}' without its certificate.")
            {
                Target = entry.Alias,
                Remedy = "Give the certificate too, or write PKCS#12 or PEM.",
            };
    }

    private static string MakeAlias(string wanted, HashSet<string> taken)
    {
        string lower = wanted.ToLowerInvariant();
        if (JavaText.Encode(lower).Length > JavaText.MaximumBytes - 16)
        {
            throw new InvalidRequestException(ErrorIds.InvalidParameter, "An alias in a Java keystore has at most 65,000 bytes.") { Remedy = "Use a shorter name." };
        }

        string alias = lower.Length > 0 ? lower : "1";
        for (int number = 2; !taken.Add(alias); number++)
        {
            alias = lower.Length > 0 ? $"{lower}-{number}" : $"{number}";
        }

        return alias;
    }

    private void WriteEntry(JavaOutput output, KeystoreEntry entry, string alias, string password)
    {
        output.WriteNumber(entry.Key is null ? CertificateEntry : KeyEntry);
        output.WriteText(alias);
        output.WriteLong(clock.UtcNow.ToUnixTimeMilliseconds());
        if (entry.Key is { } key)
        {
            output.WriteBlock(JksKeyProtector.Protect(key.Pkcs8, password));
            output.WriteNumber((uint)entry.Certificates.Count);
        }

        foreach (byte[] certificate in entry.Certificates)
        {
            output.WriteText("X.509");
            output.WriteBlock(certificate);
        }
    }
}
