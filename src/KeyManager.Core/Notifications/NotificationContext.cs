using System;
using KeyManager.Challenges;

namespace KeyManager.Notifications;

/// <summary>What a sender works with.</summary>
/// <param name="Policy">Where to.</param>
/// <param name="Secret">A secret of the policy by name, <c>null</c> when there is none; the caller overwrites the bytes.</param>
/// <param name="Scripts">Runs scripts; <c>null</c> where no PowerShell is at hand.</param>
public sealed record NotificationContext(NotificationPolicy Policy, Func<string, byte[]?> Secret, IScriptRunner? Scripts)
{
    public override string ToString() => Policy.ToString();
}
