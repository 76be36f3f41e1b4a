namespace KeyManager.Challenges;

/// <summary>A proof that was published, and how it is waited for.</summary>
public sealed record AwaitedProof(Challenge Challenge, ProofWaitOptions Options);
