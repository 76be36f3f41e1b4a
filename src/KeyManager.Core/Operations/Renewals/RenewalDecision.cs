using System;

namespace KeyManager.Operations;

/// <summary>Whether a certificate is to be renewed now, and why.</summary>
/// <param name="IsDue">True when it is.</param>
/// <param name="RenewAt">When it becomes due.</param>
/// <param name="Reason">A sentence for the user.</param>
public sealed record RenewalDecision(bool IsDue, DateTimeOffset RenewAt, string Reason);
