-- Claims of a whole fleet, and what became of each claim for each id. A column that is NOT NULL stays so, hence a new table.
CREATE TABLE claim_of_any (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    name           TEXT    NOT NULL UNIQUE, -- what administrators call it
    fleet_id       INTEGER NOT NULL REFERENCES fleet (id),
    device         TEXT,                    -- null: a claim of the fleet
    folded         TEXT,
    allowed_ids    TEXT,                    -- patterns, separated by blanks; null: any id
    uses           INTEGER NOT NULL,
    used           INTEGER NOT NULL,
    approval       INTEGER NOT NULL,
    secret_sha256  BLOB    NOT NULL UNIQUE,
    cancelled      INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    public_key     BLOB
);

CREATE TABLE claim_use (
    id          INTEGER PRIMARY KEY,
    claim_id    INTEGER NOT NULL REFERENCES claim_of_any (id),
    device      TEXT    NOT NULL,
    folded      TEXT    NOT NULL,
    key_sha256  BLOB    NOT NULL,
    state       TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    address     TEXT    NOT NULL,
    certificate BLOB
);

INSERT INTO claim_of_any (id, name, fleet_id, device, folded, uses, used, approval, secret_sha256, cancelled, created_at,
        expires_at, public_key)
    SELECT id, name, fleet_id, device, folded, 1, used_by IS NOT NULL, 0, secret_sha256, cancelled, created_at,
        expires_at, public_key FROM claim;
INSERT INTO claim_use (claim_id, device, folded, key_sha256, state, at, address, certificate)
    SELECT id, device, folded, used_by, 'issued', created_at, '', certificate FROM claim WHERE used_by IS NOT NULL;

DROP TABLE claim;
ALTER TABLE claim_of_any RENAME TO claim;

CREATE INDEX claim_by_device ON claim (folded, id) WHERE folded IS NOT NULL;
CREATE INDEX claim_by_fleet ON claim (fleet_id, id);
CREATE UNIQUE INDEX claim_use_by_claim ON claim_use (claim_id, folded);
-- The list of who waits; a device waits at most once.
CREATE UNIQUE INDEX claim_use_pending ON claim_use (folded) WHERE state = 'pending';
CREATE INDEX claim_use_pending_by_claim ON claim_use (claim_id) WHERE state = 'pending';
CREATE INDEX claim_use_approved ON claim_use (folded) WHERE state = 'approved';
