using System;
using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>Credentials of an account that end soon, or have ended.</summary>
/// <param name="At">The end of their last day.</param>
/// <param name="Term">Days before it on which somebody is told; 0 when it is over.</param>
/// <param name="Message">Whose they are, and when they end.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record CredentialEnd(DateTimeOffset At, int Term, string Message, string Remedy)
{
    private static readonly int[] Terms = [30, 14, 7, 3, 1];

    /// <summary>Of an account with an authority; <c>null</c> when they last longer, or nobody said.</summary>
    public static CredentialEnd? Of(AuthorityAccount account, DateTimeOffset now) => Of($"account {account}", $"Set-KmAccount {account.Name} -AuthToken ...", account.Settings, now);

    /// <summary>Of an account with a DNS service; <c>null</c> when they last longer, or nobody said.</summary>
    public static CredentialEnd? Of(DnsAccount account, DateTimeOffset now) => Of($"DNS account {account}", $"Set-KmDnsAccount {account.Name}", account.Settings, now);

    private static CredentialEnd? Of(string owner, string command, IReadOnlyDictionary<string, string> settings, DateTimeOffset now) =>
        AccountSettings.CredentialEnd(settings) is DateTimeOffset end && NoticeTerm.Reached(end, now, Terms) is int term
            ? new(end, term, $"The credentials of the {owner} {(term == 0 ? "have ended" : "end")} on {settings[AccountSettings.CredentialExpires]}.", $"Get new ones from the service, then: {command}")
            : null;
}
