using System;

namespace KeyManager.Storage;

/// <summary>A condition by which certificates are counted; everything that is given has to hold.</summary>
public sealed record CertificateMeasure
{
    /// <summary>It ends before this moment.</summary>
    public DateTimeOffset? EndsBefore { get; init; }

    /// <summary>It begins at this moment or later.</summary>
    public DateTimeOffset? BeginsFrom { get; init; }

    /// <summary>It begins before this moment.</summary>
    public DateTimeOffset? BeginsBefore { get; init; }

    /// <summary>It lives longer than so many days. Its last second counts too (RFC 5280 §4.1.2.5), so one of exactly as many days lives longer.</summary>
    public int? LivesLonger { get; init; }

    /// <summary>It has no order that could be repeated.</summary>
    public bool HasNoOrder { get; init; }

    /// <summary>Whether it is such a certificate.</summary>
    public bool Fits(Certificate certificate)
    {
        Guard.NotNull(certificate);
        return (EndsBefore is null || certificate.NotAfter < EndsBefore)
            && (BeginsFrom is null || certificate.NotBefore >= BeginsFrom)
            && (BeginsBefore is null || certificate.NotBefore < BeginsBefore)
            && (LivesLonger is not int days || certificate.NotAfter - certificate.NotBefore >= TimeSpan.FromDays(days))
            && (!HasNoOrder || certificate.OrderId is null);
    }
}
