using System.Collections.Generic;

namespace KeyManager.Dns;

/// <summary>What a DNS service is and what an account needs: a line of Get-KmProvider.</summary>
public sealed record DnsProviderDescription
{
    /// <summary>Name by which it is chosen: -Provider.</summary>
    public required string Name { get; init; }

    /// <summary>Its full name.</summary>
    public required string Title { get; init; }

    /// <summary>What an account is given; each is a parameter of New-KmDnsAccount.</summary>
    public required IReadOnlyList<SettingDescription> Settings { get; init; }

    /// <summary>The ways to show who one is; an account has exactly one of them whole. Empty when it needs none.</summary>
    public IReadOnlyList<CredentialWay> Credentials { get; init; } = [];

    /// <summary>Settings that every account needs.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>The least rights that the credentials need at the service, and how to give them.</summary>
    public required string LeastRights { get; init; }

    /// <summary>What else one should know: plans, limits, traps.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Longest time in seconds that a change usually takes until every server has it.</summary>
    public int PropagationSeconds { get; init; } = 120;

    /// <summary>False for one whose accounts hold whatever name they are given, so that it is used only where an order or a mapping names it.</summary>
    public bool KnowsItsZones { get; init; } = true;
}
