using System.Collections.Generic;

namespace KeyManager.Moving;

/// <summary>How another program renews a certificate, in our terms.</summary>
public sealed record ForeignRenewal
{
    /// <summary>Identifier of the <see cref="ForeignAccount"/>; <c>null</c> when the program does not say.</summary>
    public string? AccountId { get; init; }

    /// <summary>How control is proved; <c>null</c> when the program does not keep that.</summary>
    public ChallengeType? ChallengeType { get; init; }

    /// <summary>Folder that the web server of all names serves; <c>null</c> for another way.</summary>
    public string? WebRootPath { get; init; }

    /// <summary>Address and port on which the program answered the authority itself, such as "*:80"; <c>null</c> for another way.</summary>
    public string? ListenAddress { get; init; }

    /// <summary>The DNS service that publishes the proof; <c>null</c> for another way, or one that cannot be taken over.</summary>
    public ForeignDnsAccount? DnsAccount { get; init; }

    /// <summary>Why the proof cannot be taken over as it is, and what to do; <c>null</c> when it can.</summary>
    public ForeignRemark? ProofByHand { get; init; }

    /// <summary>Which key renewals use.</summary>
    public KeyOnRenewal KeyOnRenewal { get; init; }

    /// <summary>Key of the next version; <c>null</c> for one like that of this version.</summary>
    public KeySpec? KeySpec { get; init; }

    /// <summary>Name of the issuer or root that the chain should end at; <c>null</c> for the usual one.</summary>
    public string? PreferredChain { get; init; }

    /// <summary>Name of the authority's certificate profile; <c>null</c> for its usual one.</summary>
    public string? Profile { get; init; }

    /// <summary>Days before its end at which it is renewed; <c>null</c> for the usual time.</summary>
    public int? DaysBeforeExpiry { get; init; }

    /// <summary>True when the program does not renew it by itself.</summary>
    public bool IsPaused { get; init; }

    /// <summary>What the program runs before or after a renewal, and where it copies the files: for people to take over.</summary>
    public IReadOnlyList<ForeignRemark> Hooks { get; init; } = [];
}
