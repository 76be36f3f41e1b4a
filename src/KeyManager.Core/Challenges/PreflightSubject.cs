namespace KeyManager.Challenges;

/// <summary>A name to look at.</summary>
/// <param name="Name">The name as it is ordered, with its wildcard label.</param>
/// <param name="Type">How it will be proved; <c>null</c> when that is not known yet.</param>
/// <param name="RecordName">Where the record of a DNS proof will be; <c>null</c> for the usual place, and for other proofs.</param>
public sealed record PreflightSubject(DomainName Name, ChallengeType? Type, string? RecordName = null);
