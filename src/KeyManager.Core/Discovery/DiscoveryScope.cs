namespace KeyManager.Discovery;

/// <summary>What is to be looked at in one go.</summary>
public abstract record DiscoveryScope
{
    /// <summary>How many places that are; <c>null</c> when only the look tells.</summary>
    public virtual long? Count => null;

    /// <summary>
    /// True when a complete look would have shown a certificate at this place. What is remembered there and did not come up is gone then.
    /// </summary>
    public virtual bool Covers(DiscoverySource source, string location) => false;

    /// <summary>The computer or target that is looked at; empty for services.</summary>
    public virtual string ComputerName => "";
}
