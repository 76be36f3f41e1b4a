-- Deployments: the journal of those on their way, and what is remembered of those that ended, so that it can be taken back.
CREATE TABLE deployments (
    id         TEXT    NOT NULL PRIMARY KEY,
    target_id  TEXT    NOT NULL,
    lineage_id TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    document   TEXT    NOT NULL
) STRICT;

CREATE INDEX deployments_by_target ON deployments (target_id, lineage_id, started_at);
CREATE INDEX deployments_by_lineage ON deployments (lineage_id, started_at);
