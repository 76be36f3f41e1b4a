-- What the engine remembers of each entry. It is found by next_look alone, so that a sweep with nothing due reads no certificate.
CREATE TABLE renewal_state (
    lineage_id TEXT    NOT NULL PRIMARY KEY REFERENCES lineages (id) ON DELETE CASCADE,
    next_look  INTEGER NOT NULL,
    is_waiting INTEGER NOT NULL CHECK (is_waiting IN (0, 1)),
    document   TEXT    NOT NULL
) STRICT;

CREATE INDEX renewal_state_by_next_look ON renewal_state (next_look);
CREATE INDEX renewal_state_waiting ON renewal_state (lineage_id) WHERE is_waiting = 1;

-- Whoever renews, revokes, restores or imports: what was computed for the entry is computed anew.
CREATE TRIGGER renewal_state_after_change AFTER UPDATE OF is_current, status ON certificates
WHEN NEW.is_current <> OLD.is_current OR NEW.status <> OLD.status
BEGIN
    UPDATE renewal_state SET next_look = 0 WHERE lineage_id = NEW.lineage_id;
END;

CREATE TABLE renewal_holds (
    scope  TEXT    NOT NULL PRIMARY KEY,
    until  INTEGER NOT NULL,
    reason TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- What the renewal of a certificate cost, counted against the budget of a policy; it outlives the certificate.
CREATE TABLE renewal_charges (
    certificate_id TEXT    NOT NULL PRIMARY KEY,
    year           INTEGER NOT NULL,
    policy_id      TEXT    NOT NULL,
    amount         TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE renewal_sweep (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;

-- Where a purge has cut the beginning of the audit trail: the line it now begins behind.
CREATE TABLE audit_checkpoints (
    number     INTEGER PRIMARY KEY,
    hash       TEXT    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Lines may go, but only those behind which a checkpoint stands, and only from the beginning on.
DROP TRIGGER audit_log_no_delete;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
WHEN NOT EXISTS (SELECT 1 FROM audit_checkpoints WHERE number >= OLD.number)
BEGIN
    SELECT RAISE(ABORT, 'The audit trail cannot be changed.');
END;

CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints
BEGIN
    SELECT RAISE(ABORT, 'The audit trail cannot be changed.');
END;

CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints
BEGIN
    SELECT RAISE(ABORT, 'The audit trail cannot be changed.');
END;

CREATE TABLE notification_policies (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

-- Notices on their way, and what was told already: the key keeps the same notice from being told twice.
CREATE TABLE notices (
    id           TEXT    NOT NULL PRIMARY KEY,
    policy_id    TEXT    NOT NULL REFERENCES notification_policies (id) ON DELETE CASCADE,
    key          TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    next_attempt INTEGER,
    document     TEXT    NOT NULL,
    UNIQUE (policy_id, key)
) STRICT;

CREATE INDEX notices_pending ON notices (next_attempt) WHERE next_attempt IS NOT NULL;
CREATE INDEX notices_by_age ON notices (created_at);
