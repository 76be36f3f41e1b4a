using System.Collections.Generic;

namespace KeyManager.Moving;

/// <summary>Credentials of a DNS service, as another program keeps them, in our terms. Certificates that share one share the object or give an equal one.</summary>
public sealed record ForeignDnsAccount
{
    /// <summary>Name that it should have here, such as "certbot-cloudflare".</summary>
    public required string Name { get; init; }

    /// <summary>Name of our DNS provider, as Get-KmProvider shows it.</summary>
    public required string Provider { get; init; }

    /// <summary>Settings that are not secret, by the provider's names.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings that are, by the provider's names, UTF-8.</summary>
    public IReadOnlyDictionary<string, byte[]> Secrets { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>The file they were read from.</summary>
    public required string Source { get; init; }

    // A record prints its members; secrets are none to print.
    public override string ToString() => $"{Name} ({Provider})";
}
