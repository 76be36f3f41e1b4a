using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>How many current certificates are alike, and how many of them fit each measure.</summary>
/// <param name="KeyDescription">Algorithm and length of the key.</param>
/// <param name="SignatureAlgorithm">Algorithm of the signature.</param>
/// <param name="Status">State; one that has run out is Valid here, the measures say so.</param>
/// <param name="Authority">The authority; <c>null</c> when it was not ordered here.</param>
/// <param name="Origin">Ordered here or taken over.</param>
/// <param name="Count">How many.</param>
/// <param name="Measures">How many of them fit each measure, in the order in which they were asked for.</param>
public sealed record CertificateTally(
    string KeyDescription, string SignatureAlgorithm, CertificateStatus Status, string? Authority, OrderOrigin Origin, long Count, IReadOnlyList<long> Measures);
