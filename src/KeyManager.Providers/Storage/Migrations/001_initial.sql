-- Moments are whole numbers of 100 ns since 1970-01-01 UTC: datetime(created_at / 10000000, 'unixepoch') shows one.
-- A column "..._key" holds a name in lower case (of any script), which the built-in NOCASE cannot compare.
-- A column "document" holds the rest of a record as JSON; what is searched for has a column of its own.

CREATE TABLE store (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    store_id    TEXT    NOT NULL,
    data_key_id TEXT    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

-- Secrets ---------------------------------------------------------------------------------------------------------------------------

CREATE TABLE key_protectors (
    id          TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL UNIQUE,
    kind        TEXT    NOT NULL,
    path        TEXT    NOT NULL,
    parameters  TEXT    NOT NULL,
    data_key_id TEXT    NOT NULL,
    wrapped_key BLOB    NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE secrets (
    owner_kind TEXT    NOT NULL,
    owner_id   TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    value      BLOB    NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (owner_kind, owner_id, name)
) STRICT;

-- Accounts --------------------------------------------------------------------------------------------------------------------------

CREATE TABLE accounts (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL UNIQUE,
    authority  TEXT    NOT NULL,
    is_default INTEGER NOT NULL CHECK (is_default IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    document   TEXT    NOT NULL
) STRICT;

CREATE UNIQUE INDEX accounts_one_default ON accounts (is_default) WHERE is_default = 1;

-- Keys and requests -----------------------------------------------------------------------------------------------------------------

CREATE TABLE private_keys (
    id              TEXT    NOT NULL PRIMARY KEY,
    name            TEXT    NOT NULL,
    name_key        TEXT    NOT NULL,
    public_key_hash TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    document        TEXT    NOT NULL
) STRICT;

CREATE INDEX private_keys_by_age ON private_keys (created_at, id);
CREATE INDEX private_keys_by_name ON private_keys (name_key, created_at, id);
CREATE INDEX private_keys_by_hash ON private_keys (public_key_hash);

CREATE TABLE csrs (
    id             TEXT    NOT NULL PRIMARY KEY,
    name           TEXT    NOT NULL,
    name_key       TEXT    NOT NULL UNIQUE,
    private_key_id TEXT    REFERENCES private_keys (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    created_at     INTEGER NOT NULL,
    document       TEXT    NOT NULL,
    raw_data       BLOB    NOT NULL
) STRICT;

CREATE INDEX csrs_by_age ON csrs (created_at, id);
CREATE INDEX csrs_by_key ON csrs (private_key_id) WHERE private_key_id IS NOT NULL;

-- Inventory -------------------------------------------------------------------------------------------------------------------------

-- An entry of the inventory. Its certificates are its versions.
CREATE TABLE lineages (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE certificates (
    id                  TEXT    NOT NULL PRIMARY KEY,
    lineage_id          TEXT    NOT NULL REFERENCES lineages (id) DEFERRABLE INITIALLY DEFERRED,
    version             INTEGER NOT NULL CHECK (version > 0),
    is_current          INTEGER NOT NULL CHECK (is_current IN (0, 1)),
    status              TEXT    NOT NULL,
    domain_names        TEXT    NOT NULL,
    subject             TEXT    NOT NULL,
    issuer              TEXT    NOT NULL,
    serial_number       TEXT    NOT NULL,
    thumbprint          TEXT    NOT NULL,
    sha256_thumbprint   TEXT    NOT NULL UNIQUE,
    not_before          INTEGER NOT NULL,
    not_after           INTEGER NOT NULL,
    key_description     TEXT    NOT NULL,
    signature_algorithm TEXT    NOT NULL,
    private_key_id      TEXT    REFERENCES private_keys (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    account             TEXT    COLLATE NOCASE,
    authority           TEXT,
    order_id            TEXT    REFERENCES orders (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    keystore_type       TEXT    NOT NULL,
    origin              TEXT    NOT NULL,
    created_at          INTEGER NOT NULL,
    saved_at            INTEGER,
    revoked_at          INTEGER,
    revocation_reason   INTEGER,
    raw_data            BLOB    NOT NULL,
    UNIQUE (lineage_id, version)
) STRICT;

-- An entry cannot have two current versions: this index is the reason.
CREATE UNIQUE INDEX certificates_one_current ON certificates (lineage_id) WHERE is_current = 1;
CREATE INDEX certificates_current_by_expiry ON certificates (not_after, id) WHERE is_current = 1;
CREATE INDEX certificates_by_expiry ON certificates (not_after, id);
CREATE INDEX certificates_by_status ON certificates (status, not_after);
CREATE INDEX certificates_by_thumbprint ON certificates (thumbprint);
CREATE INDEX certificates_by_serial_number ON certificates (serial_number);
-- What a list by name is narrowed by, without reading the rows that do not match.
CREATE INDEX certificates_current_facts ON certificates (lineage_id, account, status, not_after) WHERE is_current = 1;
CREATE INDEX certificates_by_key ON certificates (private_key_id) WHERE private_key_id IS NOT NULL;
CREATE INDEX certificates_by_order ON certificates (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE certificate_names (
    name           TEXT NOT NULL,
    certificate_id TEXT NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
    PRIMARY KEY (name, certificate_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX certificate_names_by_certificate ON certificate_names (certificate_id);

-- Each certificate of a chain is stored once, however many certificates hang below it.
CREATE TABLE chain_certificates (
    sha256   TEXT NOT NULL PRIMARY KEY,
    raw_data BLOB NOT NULL
) STRICT;

CREATE TABLE certificate_chains (
    certificate_id TEXT    NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
    position       INTEGER NOT NULL,
    sha256         TEXT    NOT NULL REFERENCES chain_certificates (sha256),
    PRIMARY KEY (certificate_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX certificate_chains_by_member ON certificate_chains (sha256);

-- Orders ----------------------------------------------------------------------------------------------------------------------------

CREATE TABLE orders (
    id                    TEXT    NOT NULL PRIMARY KEY,
    name                  TEXT    NOT NULL,
    name_key              TEXT    NOT NULL,
    status                TEXT    NOT NULL,
    account_id            TEXT    NOT NULL,
    lineage_id            TEXT    REFERENCES lineages (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    certificate_id        TEXT    REFERENCES certificates (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    renews_certificate_id TEXT    REFERENCES certificates (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    private_key_id        TEXT    REFERENCES private_keys (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    csr_id                TEXT    REFERENCES csrs (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    document              TEXT    NOT NULL
) STRICT;

CREATE INDEX orders_by_age ON orders (created_at, id);
CREATE INDEX orders_by_name ON orders (name_key, created_at, id);
CREATE INDEX orders_by_status ON orders (status, created_at, id);
CREATE INDEX orders_by_account ON orders (account_id, created_at, id);
CREATE INDEX orders_by_lineage ON orders (lineage_id) WHERE lineage_id IS NOT NULL;
CREATE INDEX orders_by_certificate ON orders (certificate_id) WHERE certificate_id IS NOT NULL;
CREATE INDEX orders_by_renewed ON orders (renews_certificate_id) WHERE renews_certificate_id IS NOT NULL;
CREATE INDEX orders_by_key ON orders (private_key_id) WHERE private_key_id IS NOT NULL;
CREATE INDEX orders_by_csr ON orders (csr_id) WHERE csr_id IS NOT NULL;

CREATE TABLE order_names (
    name     TEXT NOT NULL,
    order_id TEXT NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    PRIMARY KEY (name, order_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX order_names_by_order ON order_names (order_id);

-- What a built-in authority issued ----------------------------------------------------------------------------------------------------

CREATE TABLE issued_certificates (
    account_id    TEXT    NOT NULL,
    serial_number TEXT    NOT NULL,
    order_id      TEXT    NOT NULL,
    not_after     INTEGER NOT NULL,
    revoked_at    INTEGER,
    reason        INTEGER,
    raw_data      BLOB    NOT NULL,
    PRIMARY KEY (account_id, serial_number),
    UNIQUE (account_id, order_id)
) STRICT;

CREATE INDEX issued_certificates_revoked ON issued_certificates (account_id, revoked_at) WHERE revoked_at IS NOT NULL;

CREATE TABLE crl_numbers (
    account_id TEXT    NOT NULL PRIMARY KEY,
    number     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Settings, leases, and what later features fill ----------------------------------------------------------------------------------------

CREATE TABLE settings (
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL PRIMARY KEY,
    value    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
    name       TEXT    NOT NULL PRIMARY KEY,
    holder     TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dns_accounts (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE deploy_targets (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE domain_mappings (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE renewal_policies (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

-- Audit trail -----------------------------------------------------------------------------------------------------------------------

CREATE TABLE audit_log (
    number       INTEGER PRIMARY KEY,
    time         INTEGER NOT NULL,
    category     TEXT    NOT NULL COLLATE NOCASE,
    action       TEXT    NOT NULL,
    subject_id   TEXT    NOT NULL,
    subject_name TEXT    NOT NULL COLLATE NOCASE,
    succeeded    INTEGER NOT NULL CHECK (succeeded IN (0, 1)),
    detail       TEXT    NOT NULL,
    user         TEXT    NOT NULL,
    machine      TEXT    NOT NULL,
    hash         TEXT    NOT NULL
) STRICT;

CREATE INDEX audit_log_by_category ON audit_log (category, number);
CREATE INDEX audit_log_by_subject_id ON audit_log (subject_id, number);
CREATE INDEX audit_log_by_subject_name ON audit_log (subject_name, number);
CREATE INDEX audit_log_by_time ON audit_log (time, number);

-- The last line, kept beside the log so that cutting off its end shows.
CREATE TABLE audit_head (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    number INTEGER NOT NULL,
    hash   TEXT    NOT NULL
) STRICT;

CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'The audit trail cannot be changed.');
END;

CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'The audit trail cannot be changed.');
END;

CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
BEGIN
    SELECT RAISE(ABORT, 'The audit trail cannot be changed.');
END;
