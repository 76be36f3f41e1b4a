using System;
using System.Collections.Generic;
using KeyManager.Challenges;

namespace KeyManager.Operations;

/// <summary>How a sweep works.</summary>
public sealed record RenewalSweepOptions
{
    /// <summary>Only these current versions, whenever they were looked at last; <c>null</c> for all whose time has come.</summary>
    public IReadOnlyList<string>? CertificateIds { get; init; }

    /// <summary>With <see cref="CertificateIds"/>: renew them now, due or not. Also takes a clock for right that jumped.</summary>
    public bool Force { get; init; }

    /// <summary>How many certificates at the same time, 1 to 64.</summary>
    public int ThrottleLimit { get; init; } = 8;

    /// <summary>How long to wait for an authority with one order; what takes longer goes on in the next sweep.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>DNS server to ask whether a record can be seen.</summary>
    public string? Resolver { get; init; }

    /// <summary>Runs scripts of the user's; <c>null</c> where no PowerShell is at hand.</summary>
    public IScriptRunner? Scripts { get; init; }
}
