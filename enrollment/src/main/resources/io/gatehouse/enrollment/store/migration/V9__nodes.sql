-- The names of a node's server certificate, one space between them; NULL: those of this service, as for the home's own broker.
ALTER TABLE broker ADD COLUMN names TEXT;

-- The SHA-256 of the key that a feed certificate was issued for; NULL: issued before it was kept.
ALTER TABLE broker_certificate ADD COLUMN spki_sha256 BLOB;
CREATE INDEX broker_certificate_by_key ON broker_certificate (spki_sha256) WHERE spki_sha256 IS NOT NULL;
