using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>What another certificate within the term of an order shall be like; what is <c>null</c> or empty stays as it was.</summary>
public sealed record ReissueRequest
{
    /// <summary>Names to add.</summary>
    public IReadOnlyList<DomainName> Add { get; init; } = [];

    /// <summary>Names to leave out.</summary>
    public IReadOnlyList<DomainName> Remove { get; init; } = [];

    /// <summary>Kind of the new key.</summary>
    public KeyAlgorithm? KeyAlgorithm { get; init; }

    /// <summary>Length of the new key.</summary>
    public int? KeyLength { get; init; }

    /// <summary>The user's own key; the caller disposes it.</summary>
    public KeyPair? ImportedKey { get; init; }

    /// <summary>Id or name of a stored key.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>A request made elsewhere, PEM or DER.</summary>
    public byte[]? Csr { get; init; }

    /// <summary>What to call <see cref="Csr"/> in an error.</summary>
    public string CsrSource { get; init; } = "the given request";

    /// <summary>Name or id of a stored request.</summary>
    public string? CsrName { get; init; }

    /// <summary>What later renewals do with the key; <c>null</c> for what suits the key that is given, else what the order says.</summary>
    public RenewalKeyPolicy? KeyPolicy { get; init; }

    /// <summary>How to prove control.</summary>
    public ChallengeType? ChallengeType { get; init; }

    /// <summary>Folder that the web server of the names serves.</summary>
    public string? WebRootPath { get; init; }

    /// <summary>Full path of a script that publishes the proof.</summary>
    public string? ChallengeScript { get; init; }

    /// <summary>Id or name of the DNS account that publishes the proof.</summary>
    public string? DnsAccount { get; init; }

    /// <summary>Where mails that prove control go.</summary>
    public IReadOnlyList<string> ApproverEmails { get; init; } = [];

    /// <summary>Also for an order that was placed elsewhere; the key or the request has to be given then.</summary>
    public bool AllowImported { get; init; }

    /// <summary>True when it may cost money.</summary>
    public bool AcceptCharges { get; init; }
}
