using System.Collections.Generic;

namespace KeyManager.Tests.Dns.Services;

/// <summary>A token at the fake Cloudflare, and what it may do.</summary>
internal sealed record FakeCloudflareToken(string Secret)
{
    public bool ReadsZones { get; init; } = true;

    public bool EditsRecords { get; init; } = true;

    /// <summary>Names of the zones it is limited to; null for every one.</summary>
    public IReadOnlyList<string>? Zones { get; init; }

    /// <summary>active, disabled or expired.</summary>
    public string Status { get; init; } = "active";

    /// <summary>A token of an account and not of a user.</summary>
    public bool IsOfAccount { get; init; }

    /// <summary>Whether it may list zones without naming one.</summary>
    public bool Lists { get; init; } = true;

    public bool Reaches(string zone) => Zones is null || ((ICollection<string>)Zones).Contains(zone);
}
