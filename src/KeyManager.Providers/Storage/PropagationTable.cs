using System;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>How long zones took last time.</summary>
internal sealed class PropagationTable(Database database) : IPropagationStore
{
    public TimeSpan? Find(string zone) =>
        database.First("SELECT milliseconds FROM propagation WHERE zone = @zone", row => new Duration(TimeSpan.FromMilliseconds(row.Number(0))), ("@zone", zone))?.Took;

    public void Put(string zone, TimeSpan took, DateTimeOffset measuredAt) => _ = database.Execute(
        """
        INSERT INTO propagation (zone, milliseconds, measured_at) VALUES (@zone, @took, @at)
        ON CONFLICT (zone) DO UPDATE SET milliseconds = @took, measured_at = @at
        """,
        ("@zone", zone),
        ("@took", (long)took.TotalMilliseconds),
        ("@at", measuredAt));

    private sealed record Duration(TimeSpan Took);
}
