using System;
using System.Threading.Tasks;

namespace KeyManager.Operations;

/// <summary>How a search for certificates goes.</summary>
public sealed record DiscoveryOptions
{
    /// <summary>
    /// Asked before something that was found changes the inventory: a certificate taken in, a place noted or given up. <c>null</c> to change nothing.
    /// </summary>
    public Func<DiscoveredCertificate, Task<bool>>? MayAdd { get; init; }

    /// <summary>Labels for what is taken in. What is in the inventory already keeps its own.</summary>
    public LabelChange Labels { get; init; } = LabelChange.None;
}
