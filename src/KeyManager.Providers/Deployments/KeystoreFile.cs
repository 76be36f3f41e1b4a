using System;
using System.Collections.Generic;
using System.Linq;
using KeyManager.Deployments;

namespace KeyManager.Providers.Deployments;

/// <summary>One entry of a keystore that may hold others.</summary>
/// <param name="formats">The formats.</param>
/// <param name="alias">Its alias; <c>null</c> takes the name of the certificate.</param>
/// <param name="password">Of the keystore.</param>
/// <param name="made">Kind of one that is made; <c>null</c> takes that of the one that is there, else PKCS#12.</param>
internal sealed class KeystoreFile(IReadOnlyList<IKeystoreFormat> formats, string? alias, string? password, KeystoreType? made)
{
    /// <summary>Whether the entry holds this certificate with its chain.</summary>
    public bool Holds(byte[] existing, DeployContent content, string source) => WithEntries(existing, source, entries => entries.Any(entry =>
        IsOurs(entry, content.Certificate) && entry.Key is not null && entry.Certificates.Count == content.Chain.Count + 1
        && entry.Certificates.Zip(content.Entry("").Certificates, (a, b) => Enumerable.SequenceEqual(a, b)).All(same => same)));

    /// <summary>The keystore with the entry new, the others as they were.</summary>
    /// <exception cref="KeyMaterialException">KmWrongPassword, KmKeystoreUnreadable.</exception>
    public byte[] With(byte[]? existing, DeployContent content, string source)
    {
        KeystoreEntry mine = content.Entry(Alias(content.Certificate));
        return existing is null
            ? Format(null).Write([mine], Options)
            : WithEntries(existing, source, entries => Format(existing).Write([.. entries.Where(e => !IsOurs(e, content.Certificate)), mine], Options));
    }

    /// <summary>The keystore without the entry; <c>null</c> when nothing else was in it.</summary>
    public byte[]? Without(byte[] existing, Certificate certificate, string source) => WithEntries(existing, source, entries =>
    {
        List<KeystoreEntry> others = [.. entries.Where(e => !IsOurs(e, certificate))];
        return others.Count == 0 ? null : Format(existing).Write(others, Options);
    });

    private KeystoreOptions Options => new() { Password = password };

    private string Alias(Certificate certificate) => alias ?? certificate.Name;

    // Java writes aliases in lower case.
    private bool IsOurs(KeystoreEntry entry, Certificate certificate) => string.Equals(entry.Alias, Alias(certificate), StringComparison.OrdinalIgnoreCase);

    private IKeystoreFormat Format(byte[]? existing) =>
        (existing is null ? null : formats.FirstOrDefault(f => f.Type != KeystoreType.Pem && f.Recognizes(existing)))
        ?? formats.First(f => f.Type == (made ?? KeystoreType.Pkcs12));

    private T WithEntries<T>(byte[] existing, string source, Func<IReadOnlyList<KeystoreEntry>, T> work)
    {
        IReadOnlyList<KeystoreEntry> entries = Format(existing).Read(existing, password, source);
        try
        {
            return work(entries);
        }
        finally
        {
            KeystoreEntry.DisposeKeys(entries);
        }
    }
}
