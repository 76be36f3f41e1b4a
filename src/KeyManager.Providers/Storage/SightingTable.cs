using System;
using System.Collections.Generic;
using KeyManager.Discovery;
using KeyManager.Storage;

namespace KeyManager.Providers.Storage;

/// <summary>Where certificates were seen.</summary>
internal sealed class SightingTable(Database database) : ISightingStore
{
    private const string Columns = "source, computer, location, certificate_id, first_seen_at, last_seen_at, gone_at";

    public Sighting? Find(DiscoverySource source, string computerName, string location) => database.First(
        $"SELECT {Columns} FROM sightings WHERE source = @source AND computer = @computer AND location = @location",
        Read,
        ("@source", source),
        ("@computer", computerName),
        ("@location", location));

    public IReadOnlyList<Sighting> List(DiscoverySource source, string computerName) => database.Query(
        $"SELECT {Columns} FROM sightings WHERE source = @source AND computer = @computer AND gone_at IS NULL ORDER BY location", Read, ("@source", source), ("@computer", computerName));

    public void Put(Sighting sighting) => _ = database.Execute(
        $"""
        INSERT INTO sightings ({Columns}) VALUES (@source, @computer, @location, @certificate, @first, @last, @gone)
        ON CONFLICT (source, computer, location) DO UPDATE SET certificate_id = @certificate, first_seen_at = @first, last_seen_at = @last, gone_at = @gone
        """,
        ("@source", sighting.Source),
        ("@computer", sighting.ComputerName),
        ("@location", sighting.Location),
        ("@certificate", sighting.CertificateId),
        ("@first", sighting.FirstSeenAt),
        ("@last", sighting.LastSeenAt),
        ("@gone", sighting.GoneAt));

    private static Sighting Read(Row row) => new()
    {
        Source = row.Member(0, DiscoverySource.Endpoint),
        ComputerName = row.Text(1),
        Location = row.Text(2),
        CertificateId = row.Text(3),
        FirstSeenAt = row.Time(4),
        LastSeenAt = row.Time(5),
        GoneAt = row.TimeOrNull(6),
    };
}
