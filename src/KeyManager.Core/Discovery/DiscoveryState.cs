namespace KeyManager;

/// <summary>What a look at a place says, held against the inventory and what was seen there before.</summary>
public enum DiscoveryState
{
    /// <summary>A certificate that the inventory does not have, where none was remembered.</summary>
    New,

    /// <summary>A certificate of the inventory.</summary>
    Known,

    /// <summary>Another certificate than the one that is remembered of this place.</summary>
    Changed,

    /// <summary>The place is remembered with a certificate, and shows none any more: nobody answers there, or the file is gone.</summary>
    Gone,

    /// <summary>Something is there, or was named, and no certificate could be read. What is remembered of the place stays.</summary>
    Failed,
}
