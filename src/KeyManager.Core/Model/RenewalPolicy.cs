using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager;

/// <summary>How the renewals of some certificates run by themselves. What is <c>null</c> stays as the last order of the certificate has it.</summary>
public sealed record RenewalPolicy : INamedRecord
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Name, unique among the policies.</summary>
    public required string Name { get; init; }

    /// <summary>False: the certificates it selects are not renewed by themselves.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Identifiers of the entries that it names one by one.</summary>
    public IReadOnlyList<string> LineageIds { get; init; } = [];

    /// <summary>Names of entries, with the wildcards * and ?.</summary>
    public IReadOnlyList<string> CertificateNames { get; init; } = [];

    /// <summary>Domain names, with the wildcards * and ?; one of the certificate's has to fit.</summary>
    public IReadOnlyList<string> DomainNames { get; init; } = [];

    /// <summary>Names of accounts.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Names of authorities.</summary>
    public IReadOnlyList<string> Authorities { get; init; } = [];

    /// <summary>Tags, with the wildcards * and ?; one of the entry's has to fit.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Owners, with the wildcards * and ?; an empty text means those without one.</summary>
    public IReadOnlyList<string> Owners { get; init; } = [];

    /// <summary>Groups, with the wildcards * and ?; an empty text means those without one.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Days before its end at which a certificate is renewed, 1 to 398; never more than two thirds of its life. <c>null</c> leaves it to the authority and the usual rule.</summary>
    public int? DaysBeforeExpiry { get; init; }

    /// <summary>The part of its life that is left when a certificate is renewed, 0.05 to 0.67; <c>null</c> leaves it to the authority and the usual rule.</summary>
    public double? LifeLeft { get; init; }

    /// <summary>Name of the DNS account that publishes the proof.</summary>
    public string? DnsAccount { get; init; }

    /// <summary>Kind of the new key.</summary>
    public KeyAlgorithm? KeyAlgorithm { get; init; }

    /// <summary>Length of the new key in bits.</summary>
    public int? KeyLength { get; init; }

    /// <summary>Which key the renewal uses.</summary>
    public KeyOnRenewal? KeyOnRenewal { get; init; }

    /// <summary>Keystore that exports make.</summary>
    public KeystoreType? KeystoreType { get; init; }

    /// <summary>Name of the administrative contact of the order.</summary>
    public string? AdminContact { get; init; }

    /// <summary>Name of the technical contact of the order.</summary>
    public string? TechnicalContact { get; init; }

    /// <summary>Name of the account that takes over after repeated failure; <c>null</c> for none.</summary>
    public string? FallbackAccount { get; init; }

    /// <summary>False: what is renewed is not deployed by itself.</summary>
    public bool Deploys { get; init; } = true;

    /// <summary>Most that its renewals may cost in a calendar year (UTC), in the currency of the price list; <c>null</c> accepts no charges.</summary>
    public decimal? YearlyBudget { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>True for one that says nothing about which certificates: it selects all.</summary>
    public bool SelectsAll => LineageIds.Count == 0 && !HasConditions;

    public override string ToString() => Name;

    private LabelFilter Labels => new() { Tags = Tags, Owners = Owners, Groups = Groups };

    private bool HasConditions => CertificateNames.Count + DomainNames.Count + Accounts.Count + Authorities.Count > 0 || !Labels.IsEmpty;

    /// <summary>Whether it selects the certificate: one that it names always, else every kind of condition that is given has to hold.</summary>
    internal bool Selects(Certificate certificate) =>
        LineageIds.Contains(certificate.LineageId)
        || ((SelectsAll || HasConditions)
            && (CertificateNames.Count == 0 || CertificateNames.Any(p => Wildcard.Fits(p, certificate.Name)))
            && (DomainNames.Count == 0 || DomainNames.Any(p => certificate.DomainNames.Any(n => Wildcard.Fits(p, n.Ascii))))
            && Labels.Fits(certificate.Labels)
            && (Accounts.Count == 0 || Accounts.Contains(certificate.Account ?? "", StringComparer.OrdinalIgnoreCase))
            && (Authorities.Count == 0 || Authorities.Contains(certificate.Authority ?? "", StringComparer.OrdinalIgnoreCase)));

    /// <summary>The policy that counts for a certificate: one that names it goes before one with patterns of names, that before one for domain names, that before one for labels, that before one for accounts or authorities, that before one for all; then by name.</summary>
    internal static RenewalPolicy? For(Certificate certificate, IEnumerable<RenewalPolicy> policies) => policies
        .Where(p => p.Selects(certificate))
        .OrderBy(p => p.LineageIds.Contains(certificate.LineageId) ? 0 : p.CertificateNames.Count > 0 ? 1 : p.DomainNames.Count > 0 ? 2 : !p.Labels.IsEmpty ? 3 : p.SelectsAll ? 5 : 4)
        .ThenBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
        .FirstOrDefault();
}
