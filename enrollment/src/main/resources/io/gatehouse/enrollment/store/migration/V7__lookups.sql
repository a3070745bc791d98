-- Serials of imported certificates, which certificate_by_serial leaves out.
CREATE INDEX certificate_imported_serial ON certificate (serial) WHERE imported_from IS NOT NULL;

-- Whether anything of a devices CA is still live, without a walk over all certificates.
CREATE INDEX certificate_live ON certificate (issuer, not_after) WHERE state IN ('valid', 'held');
