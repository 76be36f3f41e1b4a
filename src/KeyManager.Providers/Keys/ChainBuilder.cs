using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager.Providers.Keys;

/// <summary>Finds issuers among certificates, by name, key identifier and signature.</summary>
internal sealed class ChainBuilder
{
    // A file may hold thousands of certificates with one name; each needs a signature check, and no honest file has more than a few.
    private const int MaximumIssuersOfOneName = 20;

    private readonly ILookup<string, CertificateContent> _bySubject;

    public ChainBuilder(IEnumerable<CertificateContent> candidates)
    {
        // Names are compared as text, so that a PrintableString in one certificate finds a UTF8String in the other (RFC 5280 §7.1).
        // Of two issuers with the same name and key (a cross-signed root, a prolonged one) the one that lives longer comes first.
        _bySubject = candidates.GroupBy(c => c.Sha256Thumbprint, StringComparer.Ordinal).Select(g => g.First())
            .OrderByDescending(c => c.NotAfter)
            .ToLookup(c => c.Subject, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The issuer of a certificate, other than itself; <c>null</c> when it is not here or the certificate is self-signed.</summary>
    public CertificateContent? FindIssuer(CertificateContent certificate)
    {
        if (certificate.IsSelfSigned)
        {
            return null;
        }

        string? wanted = CertificateReader.ReadKeyIdentifiers(certificate.Der).Issuer;
        return _bySubject[certificate.Issuer]
            .Where(c => c.Sha256Thumbprint != certificate.Sha256Thumbprint && MayBe(c, wanted))
            .Take(MaximumIssuersOfOneName)
            .FirstOrDefault(c => IsSignedBy(certificate, c));
    }

    /// <summary>The path upwards, without the certificate itself.</summary>
    public IReadOnlyList<CertificateContent> PathFrom(CertificateContent leaf)
    {
        List<CertificateContent> path = [];
        HashSet<string> seen = new(StringComparer.Ordinal) { leaf.Sha256Thumbprint };
        for (CertificateContent? next = FindIssuer(leaf); next is not null && seen.Add(next.Sha256Thumbprint); next = FindIssuer(next))
        {
            path.Add(next);
        }

        return path;
    }

    public static bool IsSignedBy(CertificateContent certificate, CertificateContent issuer)
    {
        SignedStructure signed = SignedStructure.Read(certificate.Der);
        return certificate.IsAuthority
            ? AuthoritySignatures.IsSignedBy(signed, certificate.Sha256Thumbprint, issuer.SubjectPublicKeyInfo)
            : signed.IsSignedBy(issuer.SubjectPublicKeyInfo);
    }

    private static bool MayBe(CertificateContent candidate, string? wantedKeyIdentifier) =>
        wantedKeyIdentifier is null || (CertificateReader.ReadKeyIdentifiers(candidate.Der).Own ?? wantedKeyIdentifier) == wantedKeyIdentifier;
}
