-- When renewals were ordered with an account, where it says how many may be in an hour.
CREATE TABLE renewal_turns (
    account_id TEXT    NOT NULL,
    at         INTEGER NOT NULL
) STRICT;

CREATE INDEX renewal_turns_by_account ON renewal_turns (account_id, at);
