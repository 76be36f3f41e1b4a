using System;
using System.Collections.Generic;

namespace KeyManager.Tests.Support.Acme;

/// <summary>How a <see cref="PebbleServer"/> is to be. What is null stays as Pebble has it, its chaos included.</summary>
public sealed record PebbleOptions
{
    /// <summary>Runs with -strict.</summary>
    public bool IsStrict { get; init; }

    public bool RequiresExternalAccount { get; init; }

    /// <summary>MAC keys of external accounts by kid.</summary>
    public IReadOnlyDictionary<string, byte[]> ExternalAccounts { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>Roots beside the first, each with a chain of its own.</summary>
    public int? AlternateRoots { get; init; }

    /// <summary>Intermediates in a chain; at least 1.</summary>
    public int? ChainLength { get; init; }

    /// <summary>Profiles by name; ignored by a Pebble that has none. Without any it has one, "default", of <see cref="Validity"/>.</summary>
    public IReadOnlyDictionary<string, AcmeProfile> Profiles { get; init; } = new Dictionary<string, AcmeProfile>();

    public TimeSpan Validity { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Of a hundred good nonces, how many are refused; Pebble's own way is 5.</summary>
    public int? PercentOfNoncesRefused { get; init; }

    /// <summary>Chance that a valid authorization serves again; Pebble's own way is 50, and 0 means one in a hundred.</summary>
    public int? PercentOfAuthorizationsReused { get; init; }

    /// <summary>Validation begins at once.</summary>
    public bool NeverSleeps { get; init; }

    /// <summary>Validation begins after a random number of whole seconds below this; Pebble's own way is 5.</summary>
    public int? SleepSeconds { get; init; }

    /// <summary>Every challenge is met without a look.</summary>
    public bool IsAlwaysValid { get; init; }

    /// <summary>Told while something is processing; null for no such header. Pebble 2.4 has none.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Where Pebble looks names up, address and port; null for the challenge server.</summary>
    public string? DnsServer { get; init; }

    /// <summary>The challenge server also answers http-01 and tls-alpn-01, with what the test gives it; otherwise those ports are free for the test.</summary>
    public bool AnswersChallenges { get; init; }
}
