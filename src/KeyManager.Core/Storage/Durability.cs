namespace KeyManager.Storage;

/// <summary>When a change has to be safe from a loss of power. From the death of its process it is safe at once in either case.</summary>
public enum Durability
{
    /// <summary>When the call returns: for what must not be lost once somebody outside has heard of it, such as an order about to be sent.</summary>
    Immediate,

    /// <summary>
    /// With the next immediate change, never without the changes before it: for what can be had or asked again. It costs a hundredth, since
    /// nobody waits for the disk.
    /// </summary>
    Deferred,
}
