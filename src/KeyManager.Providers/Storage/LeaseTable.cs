using System;
using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>The leases; each call is a transaction of its own. A loss of power ends their holders too, so none has to reach the disk.</summary>
internal sealed class LeaseTable(SqliteStore store, Clock clock) : ILeases
{
    public bool TryAcquire(string name, string holder, TimeSpan duration) => store.WriteDatabase(database =>
    {
        DateTimeOffset now = clock.UtcNow;
        return database.Execute(
            """
            INSERT INTO leases (name, holder, expires_at) VALUES (@name, @holder, @expires)
            ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
            WHERE leases.holder = excluded.holder OR leases.expires_at <= @now
            """,
            ("@name", name),
            ("@holder", holder),
            ("@expires", now + duration),
            ("@now", now)) > 0;
    }, Durability.Deferred);

    public bool Renew(string name, string holder, TimeSpan duration) => store.WriteDatabase(database =>
    {
        DateTimeOffset now = clock.UtcNow;

        // One that ran out unnoticed is lost, even when nobody has taken it yet: its holder must look again at what it guards.
        return database.Execute(
            "UPDATE leases SET expires_at = @expires WHERE name = @name AND holder = @holder AND expires_at > @now",
            ("@name", name),
            ("@holder", holder),
            ("@expires", now + duration),
            ("@now", now)) > 0;
    }, Durability.Deferred);

    public IReadOnlyList<string> ListHeld(string prefix) => store.ReadDatabase(database => database.Query(
        "SELECT name FROM leases WHERE name >= @prefix AND substr(name, 1, length(@prefix)) = @prefix AND expires_at > @now",
        row => row.Text(0),
        ("@prefix", prefix),
        ("@now", clock.UtcNow)));

    public void Release(string name, string holder) => store.WriteDatabase(database =>
        database.Execute("DELETE FROM leases WHERE name = @name AND holder = @holder", ("@name", name), ("@holder", holder)), Durability.Deferred);
}
