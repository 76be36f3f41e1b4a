using System;
using System.Collections.Generic;
using System.Linq;

namespace KeyManager;

/// <summary>A request for a certificate, from the moment it is written down until its certificate is saved, and kept as history after that.</summary>
public sealed record CertificateOrder
{
    /// <summary>Identifier; also the reference that is given to the authority, where it takes one.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the inventory entry that the certificate becomes; by default its first domain name.</summary>
    public required string Name { get; init; }

    /// <summary>The names, the first being the common name.</summary>
    public required IReadOnlyList<DomainName> DomainNames { get; init; }

    /// <summary>Identifier of the account it is placed with.</summary>
    public required string AccountId { get; init; }

    /// <summary>Name of that account.</summary>
    public required string Account { get; init; }

    /// <summary>Name of the authority, as Get-KmAuthority shows it.</summary>
    public required string Authority { get; init; }

    /// <summary>Where it stands.</summary>
    public OrderStatus Status { get; init; }

    /// <summary>The authority's own word for it; <c>null</c> before it answered.</summary>
    public string? AuthorityStatus { get; init; }

    /// <summary>Made here or taken over.</summary>
    public OrderOrigin Origin { get; init; }

    /// <summary>The journal: how far it has come.</summary>
    public OrderStep Step { get; init; }

    /// <summary>How control is to be proved; <c>null</c> leaves it to the authority.</summary>
    public ChallengeType? ChallengeType { get; init; }

    /// <summary>Folder that the web server of the names serves; challenge files are put below it. <c>null</c> when published otherwise.</summary>
    public string? WebRootPath { get; init; }

    /// <summary>Address and port on which KeyManager itself answers the authority, such as "*:80"; <c>null</c> when published otherwise.</summary>
    public string? ListenAddress { get; init; }

    /// <summary>Full path of a script that publishes the proof and takes it away; <c>null</c> when published otherwise.</summary>
    public string? ChallengeScript { get; init; }

    /// <summary>Name of the DNS account that publishes the proof; <c>null</c> when published otherwise, or by the account whose zones hold the names.</summary>
    public string? DnsAccount { get; init; }

    /// <summary>Names of the targets that the certificate is deployed to when it is saved; empty for those that the mappings of its domains name.</summary>
    public IReadOnlyList<string> DeployTargets { get; init; } = [];

    /// <summary>Name of the authority's certificate profile; <c>null</c> for its usual one.</summary>
    public string? Profile { get; init; }

    /// <summary>Name of the issuer or root that the chain should end at, where the authority offers several; <c>null</c> takes its usual one.</summary>
    public string? PreferredChain { get; init; }

    /// <summary>Code of the product in the authority's catalogue; <c>null</c> where there is no catalogue.</summary>
    public string? Product { get; init; }

    /// <summary>The vendor of that product, as its catalogue had it.</summary>
    public string? Vendor { get; init; }

    /// <summary>What the authority checks before it issues; <c>null</c> where there is no catalogue.</summary>
    public ValidationType? ValidationType { get; init; }

    /// <summary>The term that is paid for, in months; <c>null</c> where terms are not bought.</summary>
    public int? ValidityMonths { get; init; }

    /// <summary>On how many servers the certificate will be installed; <c>null</c> where that does not matter.</summary>
    public int? ServerCount { get; init; }

    /// <summary>The program that will use the certificate, in the authority's words; <c>null</c> for any.</summary>
    public string? ServerType { get; init; }

    /// <summary>Where the mails that prove control of the names go: one address for all names, or one for each in their order.</summary>
    public IReadOnlyList<string> ApproverEmails { get; init; } = [];

    /// <summary>The organization that stands in the certificate, as it was when this was ordered; <c>null</c> for none.</summary>
    public Organization? Organization { get; init; }

    /// <summary>The administrator, as it was when this was ordered; <c>null</c> for none.</summary>
    public Contact? AdminContact { get; init; }

    /// <summary>The technician, as it was when this was ordered; <c>null</c> for none.</summary>
    public Contact? TechnicalContact { get; init; }

    /// <summary>Who asked for it, as it was then; <c>null</c> where the authority does not want to know.</summary>
    public Contact? Requester { get; init; }

    /// <summary>A remark for the authority; <c>null</c> for none.</summary>
    public string? Comment { get; init; }

    /// <summary>What it waits for, and who can do it; <c>null</c> when nobody has to do anything, or it is not known.</summary>
    public string? NextStep { get; init; }

    /// <summary>True: its certificate is renewed by itself, also within a term that is paid for. False: it is not. <c>null</c> leaves it to the policies.</summary>
    public bool? AutoRenew { get; init; }

    /// <summary>Days before its end at which the certificate is renewed, 1 to 398; <c>null</c> leaves it to the policies.</summary>
    public int? DaysBeforeExpiry { get; init; }

    /// <summary>True when the user accepted that the order costs money.</summary>
    public bool AcceptsCharges { get; init; }

    /// <summary>End of the term that is paid for, which may be later than the end of the certificate; <c>null</c> when not known or not bought.</summary>
    public DateTimeOffset? PaidUntil { get; init; }

    /// <summary>The order of which this is another certificate within the term that is paid for; <c>null</c> for an order of its own.</summary>
    public string? ReissuesOrderId { get; init; }

    /// <summary>When its cancellation was asked for; the authority decides. <c>null</c> when it was not.</summary>
    public DateTimeOffset? CancelRequestedAt { get; init; }

    /// <summary>Algorithm and length of the key.</summary>
    public KeySpec KeySpec { get; init; }

    /// <summary>Hash of the signature over the request.</summary>
    public SignatureHash SignatureAlgorithm { get; init; }

    /// <summary>Which key renewals use.</summary>
    public RenewalKeyPolicy KeyPolicy { get; init; } = new();

    /// <summary>Keystore that exports make unless told otherwise.</summary>
    public KeystoreType KeystoreType { get; init; }

    /// <summary>Subject fields beside the names; <c>null</c> for none.</summary>
    public SubjectName? Subject { get; init; }

    /// <summary>Days of life asked for; <c>null</c> takes what the authority gives.</summary>
    public int? ValidityDays { get; init; }

    /// <summary>End of life asked for; <c>null</c> for <see cref="ValidityDays"/>. A renewal asks for as much time again.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The key; <c>null</c> when only a request was given and the key lives elsewhere.</summary>
    public string? PrivateKeyId { get; init; }

    /// <summary>The stored request it uses; <c>null</c> when it was made for this order or pasted.</summary>
    public string? CsrId { get; init; }

    /// <summary>The PKCS#10 request, DER.</summary>
    public byte[]? Csr { get; init; }

    /// <summary>The inventory entry (lineage) that the certificate becomes a version of; <c>null</c> until there is one.</summary>
    public string? LineageId { get; init; }

    /// <summary>The certificate that this order renews; <c>null</c> for a first one.</summary>
    public string? RenewsCertificateId { get; init; }

    /// <summary>How many renewals lie between the first order of the line and this one.</summary>
    public int RenewalNumber { get; init; }

    /// <summary>The certificate that came of it; <c>null</c> until collected.</summary>
    public string? CertificateId { get; init; }

    /// <summary>The authority's own number or URL for it; <c>null</c> until placed.</summary>
    public string? AuthorityOrderId { get; init; }

    /// <summary>What the authority's adapter needs to remember; read back only by the same adapter.</summary>
    public string? AuthorityData { get; init; }

    /// <summary>The challenges the authority set; empty when nothing is to be proved.</summary>
    public IReadOnlyList<Challenge> Challenges { get; init; } = [];

    /// <summary>Tags of the order, by the alphabet.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Who answers for it; <c>null</c> for nobody.</summary>
    public string? Owner { get; init; }

    /// <summary>Where it belongs, such as "shop/production"; <c>null</c> for nowhere.</summary>
    public string? Group { get; init; }

    /// <summary>Free text about it; <c>null</c> for none.</summary>
    public string? Note { get; init; }

    /// <summary>Error id of the last failure; <c>null</c> when there is none.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What the last failure was; <c>null</c> when there is none.</summary>
    public string? ErrorDetail { get; init; }

    /// <summary>When it was written down.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the authority gives it up; <c>null</c> when it does not say.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>True while something is left to do.</summary>
    public bool IsOpen => Status is OrderStatus.Draft or OrderStatus.PendingValidation or OrderStatus.Processing
        or OrderStatus.Available or OrderStatus.Renewed or OrderStatus.Unknown;

    /// <summary>Tags, owner, group and note in one.</summary>
    internal Labels Labels
    {
        get => new() { Tags = Tags, Owner = Owner, Group = Group, Note = Note };
        init => (Tags, Owner, Group, Note) = (value.Tags, value.Owner, value.Group, value.Note);
    }

    /// <summary>True while its certificate was collected and is not in the inventory yet.</summary>
    internal bool IsUnsaved => Status is OrderStatus.Available or OrderStatus.Renewed;

    /// <summary>The end that the certificate shall have when it is asked for now; <c>null</c> takes what the authority gives.</summary>
    public DateTimeOffset? EndWanted(DateTimeOffset now) => NotAfter ?? (ValidityDays is int days ? now.AddDays(days) : null);

    /// <summary>The challenges of each name and proof: one of a group is enough. A wildcard and its own name are two.</summary>
    internal IEnumerable<IGrouping<(DomainName Name, string Number), Challenge>> ChallengesByProof => Challenges.GroupBy(c => (c.DomainName, c.Id.Split('/')[0]));

    public override string ToString() => $"{Name} ({Id})";
}
