-- How long a zone took last time until all of its servers had a new record, so that the next wait knows when to look.
CREATE TABLE propagation (
    zone         TEXT    NOT NULL PRIMARY KEY,
    milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
    measured_at  INTEGER NOT NULL
) STRICT;
