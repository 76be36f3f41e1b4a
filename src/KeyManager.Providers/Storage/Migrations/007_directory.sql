-- What authorities keep for accounts: groups, organizations, domains.
CREATE TABLE directory (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    part       TEXT NOT NULL,
    entry      TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (account_id, part, entry)
) STRICT, WITHOUT ROWID;

-- When each part was asked for; a part may be empty.
CREATE TABLE directory_fetches (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    part       TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    PRIMARY KEY (account_id, part)
) STRICT, WITHOUT ROWID;
