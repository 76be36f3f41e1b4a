using System.Collections.Generic;
using KeyManager.Dns;

namespace KeyManager;

/// <summary>What somebody who is given settings says about himself: a DNS service, a kind of deployment target. Parameters, checks, secrets, completion and help come from it.</summary>
public abstract record ProviderDescription
{
    /// <summary>Name by which it is chosen.</summary>
    public required string Name { get; init; }

    /// <summary>Its full name.</summary>
    public required string Title { get; init; }

    /// <summary>What it is given; each is a parameter of the cmdlet that makes one.</summary>
    public required IReadOnlyList<SettingDescription> Settings { get; init; }

    /// <summary>The ways to show who one is, of which exactly one is there whole. Empty when it needs none.</summary>
    public IReadOnlyList<CredentialWay> Credentials { get; init; } = [];

    /// <summary>Settings that are always needed.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What else one should know: plans, limits, traps.</summary>
    public string Notes { get; init; } = "";

    /// <summary>What to call one of its kind at the beginning of a sentence, such as "An account with Cloudflare".</summary>
    internal abstract string One { get; }

    /// <summary>What shows all settings, as the last sentence of a remedy.</summary>
    internal abstract string WhereToLook { get; }
}
