-- With the id, in the order of expiry too nothing but the index is read of the certificates that a label has.
DROP INDEX certificates_current_facts;
CREATE INDEX certificates_current_facts ON certificates (lineage_id, account, status, not_after, id) WHERE is_current = 1;
