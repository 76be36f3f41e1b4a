using System;
using System.Collections.Generic;

namespace KeyManager;

/// <summary>A line of a report: a certificate, an order or a deployment. What does not fit its kind is <c>null</c>.</summary>
public sealed record ReportRow
{
    /// <summary>The report.</summary>
    public required ReportType Report { get; init; }

    /// <summary>Name of the entry of the inventory.</summary>
    public required string Name { get; init; }

    /// <summary>What the report says of it, in a word or two, such as "7 days" or "Weak".</summary>
    public required string Result { get; init; }

    /// <summary>Whether somebody should do something about it.</summary>
    public ReportTone Tone { get; init; }

    /// <summary>Why, or what else is to say; <c>null</c> for nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>Begin of the certificate; when the order was made; when the deployment was begun.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>End of the certificate.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>When it is renewed.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Whole days until the end; negative when it is over.</summary>
    public int? DaysLeft { get; init; }

    /// <summary>Days from begin to end.</summary>
    public int? Life { get; init; }

    /// <summary>The names it is good for.</summary>
    public IReadOnlyList<DomainName> DomainNames { get; init; } = [];

    /// <summary>Subject, RFC 4514.</summary>
    public string? Subject { get; init; }

    /// <summary>Issuer, RFC 4514.</summary>
    public string? Issuer { get; init; }

    /// <summary>Serial number, hexadecimal.</summary>
    public string? SerialNumber { get; init; }

    /// <summary>SHA-256 of the certificate, hexadecimal.</summary>
    public string? Sha256Thumbprint { get; init; }

    /// <summary>Algorithm and length of the key.</summary>
    public string? Key { get; init; }

    /// <summary>Algorithm of the signature.</summary>
    public string? SignatureAlgorithm { get; init; }

    /// <summary>State of the certificate.</summary>
    public string? Status { get; init; }

    /// <summary>The account.</summary>
    public string? Account { get; init; }

    /// <summary>The authority.</summary>
    public string? Authority { get; init; }

    /// <summary>The target.</summary>
    public string? Target { get; init; }

    /// <summary>The renewal policy.</summary>
    public string? Policy { get; init; }

    /// <summary>Who answers for it.</summary>
    public string? Owner { get; init; }

    /// <summary>Where it belongs.</summary>
    public string? Group { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What is written about it.</summary>
    public string? Note { get; init; }

    /// <summary>Identifier of the certificate, order or deployment.</summary>
    public required string Id { get; init; }

    public override string ToString() => $"{Name}: {Result}";
}
