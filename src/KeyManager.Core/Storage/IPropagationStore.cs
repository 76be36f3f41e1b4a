using System;

namespace KeyManager.Storage;

/// <summary>How long zones took last time until all of their servers had a new record.</summary>
public interface IPropagationStore
{
    /// <summary>What the zone took; <c>null</c> when it was never waited for.</summary>
    TimeSpan? Find(string zone);

    /// <summary>Stores it in the place of what was known before.</summary>
    /// <param name="zone">Name of the zone in lower case, as A-labels, without a final dot.</param>
    /// <param name="took">How long.</param>
    /// <param name="measuredAt">When that was.</param>
    void Put(string zone, TimeSpan took, DateTimeOffset measuredAt);
}
