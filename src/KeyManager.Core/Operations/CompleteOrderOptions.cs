using System;

namespace KeyManager.Operations;

/// <summary>How to complete an order.</summary>
public sealed record CompleteOrderOptions
{
    /// <summary>Save the certificate into the inventory; otherwise the order stays Available (or Renewed).</summary>
    public bool Save { get; init; } = true;

    /// <summary>The user has published the challenges; do not publish, only tell the authority.</summary>
    public bool AlreadyPublished { get; init; }

    /// <summary>How long to wait for the authority; an order that takes longer stays as it is and can be taken up again.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}
