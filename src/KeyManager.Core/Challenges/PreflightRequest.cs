using System.Collections.Generic;

namespace KeyManager.Challenges;

/// <summary>What is about to be asked of an authority.</summary>
public sealed record PreflightRequest
{
    /// <summary>The names.</summary>
    public required IReadOnlyList<PreflightSubject> Subjects { get; init; }

    /// <summary>What a CAA record may name for the authority to issue; empty when that is not known, and CAA is not looked at.</summary>
    public IReadOnlyList<string> CaaIdentities { get; init; } = [];

    /// <summary>The account as CAA records name it (RFC 8657 §3); <c>null</c> when it has no such address.</summary>
    public string? AccountUri { get; init; }

    /// <summary>True for a public authority, which goes by CAA records and DNSSEC.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary>True when nobody listens on the web port until the proof is due, because KeyManager itself will.</summary>
    public bool AnswersItself { get; init; }

    /// <summary>DNS server to ask, address with optional port; <c>null</c> for those of the machine.</summary>
    public string? Resolver { get; init; }
}
