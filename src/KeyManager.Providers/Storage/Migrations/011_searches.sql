-- With the id, in the order of expiry too nothing but the index is read of the certificates that a label has.
DROP INDEX certificates_current_facts;
CREATE INDEX certificates_current_facts ON certificates (lineage_id, account, status, not_after, id) WHERE is_current = 1;

-- A pattern is compared with a million names without reading their rows; the index that UNIQUE makes does not cover the id.
CREATE INDEX lineages_by_name ON lineages (name_key, id);

-- Whether an account has few certificates is counted here, and a search for them starts here.
CREATE INDEX certificates_by_account ON certificates (account, lineage_id, is_current, status, not_after, id) WHERE account IS NOT NULL;
