-- Where certificates were seen: services, files, stores, bindings.
CREATE TABLE sightings (
    source         TEXT NOT NULL,
    computer       TEXT NOT NULL,
    location       TEXT NOT NULL,
    certificate_id TEXT NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
    first_seen_at  INTEGER NOT NULL,
    last_seen_at   INTEGER NOT NULL,
    gone_at        INTEGER,
    PRIMARY KEY (source, computer, location)
) STRICT, WITHOUT ROWID;

CREATE INDEX sightings_by_certificate ON sightings (certificate_id, gone_at);
