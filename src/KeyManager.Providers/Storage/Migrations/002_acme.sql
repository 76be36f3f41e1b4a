-- What authorities said about when to renew (RFC 9773), until they are asked again.
CREATE TABLE renewal_info (
    certificate_id  TEXT    NOT NULL PRIMARY KEY REFERENCES certificates (id) ON DELETE CASCADE,
    window_start    INTEGER NOT NULL,
    window_end      INTEGER NOT NULL,
    renew_at        INTEGER NOT NULL,
    ask_again_at    INTEGER NOT NULL,
    explanation_url TEXT
) STRICT;

-- Orders whose proof is, or may be, published: what a killed process has left is found without reading the others.
ALTER TABLE orders ADD COLUMN has_proof INTEGER NOT NULL DEFAULT 0 CHECK (has_proof IN (0, 1));
CREATE INDEX orders_with_proof ON orders (created_at, id) WHERE has_proof = 1;
