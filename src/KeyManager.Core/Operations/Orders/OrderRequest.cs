using System;
using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>What a user asks for when ordering a certificate. What is <c>null</c> takes its default from the request file, the store's settings or the authority.</summary>
public sealed record OrderRequest
{
    /// <summary>The names, the first being the common name; empty takes those of the request in <see cref="Csr"/> or <see cref="CsrName"/>.</summary>
    public IReadOnlyList<DomainName> DomainNames { get; init; } = [];

    /// <summary>Name or id of the account; <c>null</c> takes the default account.</summary>
    public string? Account { get; init; }

    /// <summary>Name of the inventory entry; <c>null</c> takes the first domain name.</summary>
    public string? Name { get; init; }

    /// <summary>Kind of key; <c>null</c> for the store's default.</summary>
    public KeyAlgorithm? KeyAlgorithm { get; init; }

    /// <summary>Length of key; <c>null</c> for the usual one.</summary>
    public int? KeyLength { get; init; }

    /// <summary>Hash of the signature over the request; <c>null</c> for the one that fits the key.</summary>
    public SignatureHash? SignatureAlgorithm { get; init; }

    /// <summary>Which key renewals use; <c>null</c>: the given key when one is given (Import), a new one otherwise.</summary>
    public RenewalKeyPolicy? KeyPolicy { get; init; }

    /// <summary>The user's own key to store and use; the caller disposes it.</summary>
    public KeyPair? ImportedKey { get; init; }

    /// <summary>Id or name of a stored key to use.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>A request made elsewhere, PEM or DER.</summary>
    public byte[]? Csr { get; init; }

    /// <summary>What to call <see cref="Csr"/> in an error.</summary>
    public string CsrSource { get; init; } = "the given request";

    /// <summary>Name or id of a stored request.</summary>
    public string? CsrName { get; init; }

    /// <summary>Subject fields beside the names.</summary>
    public SubjectName? Subject { get; init; }

    /// <summary>Days of life asked for.</summary>
    public int? ValidityDays { get; init; }

    /// <summary>End of life asked for, in the place of <see cref="ValidityDays"/>.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>How to prove control.</summary>
    public ChallengeType? ChallengeType { get; init; }

    /// <summary>Folder that the web server of the names serves.</summary>
    public string? WebRootPath { get; init; }

    /// <summary>Address and port on which KeyManager itself answers the authority.</summary>
    public string? ListenAddress { get; init; }

    /// <summary>Full path of a script that publishes the proof and takes it away.</summary>
    public string? ChallengeScript { get; init; }

    /// <summary>Name or id of the DNS account that publishes the proof.</summary>
    public string? DnsAccount { get; init; }

    /// <summary>Targets that the certificate is deployed to, by name or id; empty for those that the mappings of its domains name.</summary>
    public IReadOnlyList<string> DeployTargets { get; init; } = [];

    /// <summary>Name of the authority's certificate profile.</summary>
    public string? Profile { get; init; }

    /// <summary>Name of the issuer or root that the chain should end at.</summary>
    public string? PreferredChain { get; init; }

    /// <summary>Code or name of the product, for an authority with a catalogue.</summary>
    public string? Product { get; init; }

    /// <summary>Vendor of the product, where it is not named.</summary>
    public string? Vendor { get; init; }

    /// <summary>What is checked before the product is issued, where it is not named.</summary>
    public ValidationType? ValidationType { get; init; }

    /// <summary>The term to buy, in months; <c>null</c> for a year where that is sold.</summary>
    public int? ValidityMonths { get; init; }

    /// <summary>On how many servers the certificate will be installed; <c>null</c> for one.</summary>
    public int? ServerCount { get; init; }

    /// <summary>The program that will use the certificate, in the authority's words.</summary>
    public string? ServerType { get; init; }

    /// <summary>Where mails that prove control go: one address for all names, or one for each.</summary>
    public IReadOnlyList<string> ApproverEmails { get; init; } = [];

    /// <summary>Name or id of the stored organization; where there is no catalogue, the organization of the subject.</summary>
    public string? Organization { get; init; }

    /// <summary>Name or id of the stored contact who is the administrator.</summary>
    public string? AdminContact { get; init; }

    /// <summary>Name or id of the stored contact who is the technician; <c>null</c> for the administrator.</summary>
    public string? TechnicalContact { get; init; }

    /// <summary>Whether the certificate is renewed by itself; <c>null</c> leaves it to the policies.</summary>
    public bool? AutoRenew { get; init; }

    /// <summary>Days before its end at which the certificate is renewed; <c>null</c> leaves it to the policies.</summary>
    public int? DaysBeforeExpiry { get; init; }

    /// <summary>Name or id of the stored contact who asks for the certificate.</summary>
    public string? Requester { get; init; }

    /// <summary>A remark for the authority.</summary>
    public string? Comment { get; init; }

    /// <summary>Also ask for the first name with "www." in front, or without it.</summary>
    public bool IncludeWww { get; init; }

    /// <summary>True when the order may cost money.</summary>
    public bool AcceptCharges { get; init; }

    /// <summary>Keystore that exports make unless told otherwise.</summary>
    public KeystoreType? KeystoreType { get; init; }

    /// <summary>Password of those keystores.</summary>
    public string? KeystorePassword { get; init; }

    /// <summary>Labels of the order and of the certificate that comes of it, on top of those that the entry has.</summary>
    public LabelChange Labels { get; init; } = LabelChange.None;

    /// <summary>Place a new order even when the same one is open.</summary>
    public bool Force { get; init; }

    // A record prints its members; a password is none to print.
    public override string ToString() => $"order for {string.Join(", ", DomainNames)}";
}
