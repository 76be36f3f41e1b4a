using System;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>The record of a certificate that is not stored yet.</summary>
internal static class NewVersion
{
    /// <summary>The next version of an entry, with what the certificate itself says; whose it is and how it came here is for the caller to add.</summary>
    /// <param name="session">What is stored.</param>
    /// <param name="clock">The time.</param>
    /// <param name="name">Name of the entry.</param>
    /// <param name="lineageId">The entry's versions; a new one for a first certificate.</param>
    /// <param name="leaf">The certificate.</param>
    public static Certificate Of(IStoreSession session, Clock clock, string name, string lineageId, CertificateContent leaf) => new()
    {
        Id = Identifier.New(),
        LineageId = lineageId,
        Name = name,
        Version = session.Certificates.LastVersion(lineageId) + 1,
        Status = CertificateStatus.Unsaved,
        DomainNames = leaf.DomainNames,
        Subject = leaf.Subject,
        Issuer = leaf.Issuer,
        SerialNumber = leaf.SerialNumber,
        Thumbprint = leaf.Thumbprint,
        Sha256Thumbprint = leaf.Sha256Thumbprint,
        NotBefore = leaf.NotBefore,
        NotAfter = leaf.NotAfter,
        KeyDescription = leaf.KeyDescription,
        SignatureAlgorithm = leaf.SignatureAlgorithm,
        Labels = session.Labels.OfEntry(lineageId),
        CreatedAt = clock.UtcNow,
        RawData = leaf.Der,
    };

    /// <summary>Whether it becomes the current version: an older certificate of the same name goes into the history and must not push out a newer one.</summary>
    /// <param name="current">The current version of the entry; <c>null</c> when it has none.</param>
    /// <param name="notAfter">Its end.</param>
    public static bool IsNewest(Certificate? current, DateTimeOffset notAfter) => current is null || notAfter >= current.NotAfter;
}
