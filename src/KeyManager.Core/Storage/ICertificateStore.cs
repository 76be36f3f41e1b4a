using System;
using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>The inventory. One version of an entry is current; that there are never two is a constraint of the database.</summary>
public interface ICertificateStore
{
    /// <summary>Adds a version with its chain upwards (DER). A new <see cref="Certificate.LineageId"/> makes a new entry, with the labels of the certificate; one that says it is current becomes so.</summary>
    /// <exception cref="ConflictException">KmCertificateAlreadyExists (same DER), KmNameAlreadyExists (another entry has the name).</exception>
    void Add(Certificate certificate, IReadOnlyList<byte[]> chain);

    /// <summary>Replaces what is stored about a version; its DER, its chain and the labels of its entry stay.</summary>
    void Update(Certificate certificate);

    /// <summary>Makes this version the current one of its entry, and the one before it history.</summary>
    void MakeCurrent(string certificateId);

    /// <summary>The version, <c>null</c> when there is none.</summary>
    Certificate? Find(string id);

    /// <summary>Version with this SHA-256 thumbprint, <c>null</c> when there is none.</summary>
    Certificate? FindBySha256(string thumbprint);

    /// <summary>The current version of the entry with this name (letter case does not matter), <c>null</c> when there is none.</summary>
    Certificate? FindCurrent(string name);

    /// <summary>Identifier of the entry with this name, <c>null</c> when there is none; an entry may have no current version yet.</summary>
    string? FindLineage(string name);

    /// <summary>The highest version number of the entry, 0 when it has none.</summary>
    int LastVersion(string lineageId);

    /// <summary>The chain above it, DER, issuer first.</summary>
    IReadOnlyList<byte[]> GetChain(string certificateId);

    /// <summary>A part of the matching certificates.</summary>
    Page<Certificate> Query(CertificateQuery query, string? after, int limit);

    /// <summary>How many entries have a current version.</summary>
    int CountCurrent();

    /// <summary>
    /// Identifiers of saved versions that have ended, are not current, and have at least so many saved versions above them; oldest first within each entry. Who still uses them is not
    /// looked at.
    /// </summary>
    /// <param name="lineageId">Only of this entry; <c>null</c> for all.</param>
    /// <param name="newer">How many newer versions there have to be.</param>
    /// <param name="endedBefore">They ended before this moment.</param>
    IReadOnlyList<string> FindOld(string? lineageId, int newer, DateTimeOffset endedBefore);

    /// <summary>Removes one version; the entry goes with its last version. False when there was none.</summary>
    bool Remove(string id);
}
