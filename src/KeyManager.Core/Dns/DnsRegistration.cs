using System.Collections.Generic;

namespace KeyManager.Dns;

/// <summary>What comes of <see cref="IDnsRegistration"/>: what to store, and what the user has to do once.</summary>
public sealed record DnsRegistration
{
    /// <summary>Settings that are new, by name; those of the account stay.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Secrets to store, by the name of their setting; the caller overwrites them afterwards.</summary>
    public required IReadOnlyDictionary<string, byte[]> Secrets { get; init; }

    /// <summary>What the user has to do before the account is of use, such as the alias to set: whole sentences.</summary>
    public required string Instruction { get; init; }

    // A record prints its members; secrets are none to print.
    public override string ToString() => Instruction;
}
