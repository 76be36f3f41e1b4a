using System;
using System.Collections.Generic;

namespace KeyManager.Tests.Support.Acme;

/// <summary>A certificate that the server issued.</summary>
public sealed class ServedCertificate
{
    internal ServedCertificate(string url, ServedOrder order, IssuedLeaf leaf)
    {
        Url = url;
        Order = order;
        Der = leaf.Der;
        CertId = leaf.CertId;
        NotBefore = leaf.NotBefore;
        NotAfter = leaf.NotAfter;
    }

    public string Url { get; }

    public ServedOrder Order { get; }

    public byte[] Der { get; }

    /// <summary>Its name in renewal information (RFC 9773 §4.1).</summary>
    public string CertId { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public bool IsRevoked { get; internal set; }

    /// <summary>The reason given (RFC 5280 §5.3.1); null without one or when not revoked.</summary>
    public int? RevocationReason { get; internal set; }

    /// <summary>How often it was downloaded.</summary>
    public int Downloads { get; internal set; }

    /// <summary>The order that replaces it; null when none does.</summary>
    public ServedOrder? ReplacedBy { get; internal set; }

    /// <summary>When to renew, in place of what the server works out; a test may set it.</summary>
    public (DateTimeOffset Start, DateTimeOffset End)? SuggestedWindow { get; set; }
}
