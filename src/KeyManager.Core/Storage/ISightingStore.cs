using System.Collections.Generic;
using KeyManager.Discovery;

namespace KeyManager.Storage;

/// <summary>Where certificates of the inventory were seen. A certificate that is removed takes its sightings along.</summary>
public interface ISightingStore
{
    /// <summary>What is remembered of a place; <c>null</c> when nothing is.</summary>
    Sighting? Find(DiscoverySource source, string computerName, string location);

    /// <summary>The places of a computer where certificates still were at the last look.</summary>
    IReadOnlyList<Sighting> List(DiscoverySource source, string computerName);

    /// <summary>Stores it in the place of what was known of the place before.</summary>
    void Put(Sighting sighting);
}
