using System.Collections.Generic;

namespace KeyManager.Operations;

/// <summary>How an order and its renewals are to go on. What is <c>null</c> stays as it is.</summary>
public sealed record OrderChange
{
    /// <summary>True when <see cref="AutoRenew"/> is to be changed, also to <c>null</c>.</summary>
    public bool ChangesAutoRenew { get; init; }

    /// <summary>Whether its certificate is renewed by itself; <c>null</c> leaves it to the policies.</summary>
    public bool? AutoRenew { get; init; }

    /// <summary>True when <see cref="DaysBeforeExpiry"/> is to be changed, also to <c>null</c>.</summary>
    public bool ChangesDaysBeforeExpiry { get; init; }

    /// <summary>Days before its end at which the certificate is renewed, 1 to 398; <c>null</c> leaves it to the policies.</summary>
    public int? DaysBeforeExpiry { get; init; }

    /// <summary>How control is proved.</summary>
    public ChallengeType? ChallengeType { get; init; }

    /// <summary>Folder that the web server serves. It takes the place of every other way to publish; so do the three that follow.</summary>
    public string? WebRootPath { get; init; }

    /// <summary>Address and port on which KeyManager itself answers.</summary>
    public string? ListenAddress { get; init; }

    /// <summary>Full path of a script that publishes.</summary>
    public string? ChallengeScript { get; init; }

    /// <summary>Id or name of the DNS account that publishes; an empty text for the one whose zones hold the names.</summary>
    public string? DnsAccount { get; init; }

    /// <summary>Ids or names of the targets; empty for those that the mappings of its domains name.</summary>
    public IReadOnlyList<string>? DeployTargets { get; init; }

    /// <summary>True when nothing would change whatever there is.</summary>
    public bool IsEmpty => !ChangesAutoRenew && !ChangesDaysBeforeExpiry && ChallengeType is null && !ChangesPublisher && DeployTargets is null;

    /// <summary>True when the proof is to be published another way.</summary>
    internal bool ChangesPublisher => WebRootPath is not null || ListenAddress is not null || ChallengeScript is not null || DnsAccount is not null;
}
