-- Certificates that others issued and that an import made known. They are on no list of ours, and their serials are their issuers'.

CREATE TABLE imported_authority (
    id          INTEGER PRIMARY KEY,
    sha256      BLOB    NOT NULL UNIQUE,
    der         BLOB    NOT NULL,
    imported_at INTEGER NOT NULL
);

ALTER TABLE certificate ADD COLUMN imported_from INTEGER REFERENCES imported_authority (id);

-- Another issuer's name and serial are not ours to find unique.
DROP INDEX certificate_by_serial;
CREATE UNIQUE INDEX certificate_by_serial ON certificate (serial, issuer) WHERE imported_from IS NULL;

CREATE INDEX certificate_imported ON certificate (imported_from, not_after)
    WHERE imported_from IS NOT NULL AND state IN ('valid', 'held');
