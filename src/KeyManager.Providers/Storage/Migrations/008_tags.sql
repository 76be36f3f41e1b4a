-- Labels: what people write on an entry or an order. "labels" holds all of it as they wrote it (NULL: nothing); the columns and tables beside it are what is searched for.
ALTER TABLE lineages ADD COLUMN owner_key TEXT;
ALTER TABLE lineages ADD COLUMN group_key TEXT;
ALTER TABLE lineages ADD COLUMN labels TEXT;

-- In the order in which entries are listed, so that a list begins at once however many there are.
CREATE INDEX lineages_by_owner ON lineages (owner_key, name_key);
CREATE INDEX lineages_by_group ON lineages (group_key, name_key);

CREATE TABLE entry_tags (
    tag_key    TEXT NOT NULL,
    name_key   TEXT NOT NULL,
    lineage_id TEXT NOT NULL REFERENCES lineages (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_key, name_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX entry_tags_by_entry ON entry_tags (lineage_id);

ALTER TABLE orders ADD COLUMN owner_key TEXT;
ALTER TABLE orders ADD COLUMN group_key TEXT;
ALTER TABLE orders ADD COLUMN labels TEXT;
CREATE INDEX orders_by_owner ON orders (owner_key, created_at, id);
CREATE INDEX orders_by_group ON orders (group_key, created_at, id);

CREATE TABLE order_tags (
    tag_key    TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    order_id   TEXT    NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_key, created_at, order_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX order_tags_by_order ON order_tags (order_id);

-- A policy may select by labels.
CREATE TRIGGER renewal_state_after_labels AFTER UPDATE OF labels ON lineages
BEGIN
    UPDATE renewal_state SET next_look = 0 WHERE lineage_id = NEW.id AND is_waiting = 0;
END;

-- Reports count everything without reading a certificate: in this order equal ones lie side by side.
CREATE INDEX certificates_counted ON certificates (key_description, signature_algorithm, status, authority, origin, not_before, not_after, order_id) WHERE is_current = 1;
CREATE INDEX certificates_by_issuer ON certificates (issuer) WHERE is_current = 1;

-- Proof by e-mail comes to its end (CA/Browser Forum SC-090); who still uses it is found without reading the others.
ALTER TABLE orders ADD COLUMN by_email INTEGER NOT NULL DEFAULT 0 CHECK (by_email IN (0, 1));
UPDATE orders SET by_email = 1 WHERE json_extract(document, '$.ChallengeType') = 'Email'
    OR (json_extract(document, '$.ChallengeType') IS NULL AND EXISTS (SELECT 1 FROM json_each(document, '$.Challenges') WHERE json_extract(value, '$.Type') = 'Email'));
CREATE INDEX orders_by_email ON orders (certificate_id, status) WHERE by_email = 1;
