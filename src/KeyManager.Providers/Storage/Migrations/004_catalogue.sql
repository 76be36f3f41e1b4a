-- Details that orders call by name.
CREATE TABLE organizations (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

CREATE TABLE contacts (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    document TEXT NOT NULL
) STRICT;

-- What an account may order, as its authority last told it.
CREATE TABLE products (
    account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    code       TEXT NOT NULL,
    document   TEXT NOT NULL,
    PRIMARY KEY (account_id, code)
) STRICT, WITHOUT ROWID;

-- Where an import of an account's orders that was interrupted goes on.
CREATE TABLE imports (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    after      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Orders by the authority's number: what an import knows them by.
ALTER TABLE orders ADD COLUMN authority_order_id TEXT;
UPDATE orders SET authority_order_id = json_extract(document, '$.AuthorityOrderId');
CREATE INDEX orders_by_authority_id ON orders (account_id, authority_order_id, created_at, id) WHERE authority_order_id IS NOT NULL;
