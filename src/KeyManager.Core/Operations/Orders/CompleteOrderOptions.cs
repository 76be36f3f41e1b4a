using System;
using KeyManager.Challenges;

namespace KeyManager.Operations;

/// <summary>How to complete an order.</summary>
public sealed record CompleteOrderOptions
{
    /// <summary>Save the certificate into the inventory; otherwise the order stays Available (or Renewed).</summary>
    public bool Save { get; init; } = true;

    /// <summary>The user has published the challenges; do not publish, only tell the authority.</summary>
    public bool AlreadyPublished { get; init; }

    /// <summary>Show the user what to publish, and wait until it can be seen.</summary>
    public bool Manual { get; init; }

    /// <summary>A renewal may cost money.</summary>
    public bool AcceptCharges { get; init; }

    /// <summary>Runs scripts of the user's; <c>null</c> where no PowerShell is at hand.</summary>
    public IScriptRunner? Scripts { get; init; }

    /// <summary>DNS server to ask whether a record can be seen, in the place of the one that the account's setting Resolver names.</summary>
    public string? Resolver { get; init; }

    /// <summary>How long to wait for the authority; an order that takes longer stays as it is and can be taken up again.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
