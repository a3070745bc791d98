-- Rules of a fleet that are not their defaults, as JSON.
ALTER TABLE fleet ADD COLUMN rules TEXT NOT NULL DEFAULT '{}';

-- Whose certificates a fleet takes as factory certificates: only for finding the fleet; the anchors themselves are in its rules.
CREATE TABLE factory_anchor (
    id       INTEGER PRIMARY KEY,
    fleet_id INTEGER NOT NULL REFERENCES fleet (id),
    subject  TEXT    NOT NULL -- canonical, as X500Principal writes it
);
CREATE INDEX factory_anchor_by_subject ON factory_anchor (subject, fleet_id);
CREATE INDEX factory_anchor_by_fleet ON factory_anchor (fleet_id);

-- A revoked device whose key may enroll once more.
ALTER TABLE device ADD COLUMN reinstated INTEGER NOT NULL DEFAULT 0;

-- Certificates that open the door of enrollment once: factory certificates, and revoked ones of a reinstated device.
CREATE TABLE certificate_use (
    id          INTEGER PRIMARY KEY,
    presented   BLOB    NOT NULL UNIQUE, -- SHA-256 of the certificate that was shown
    device_id   INTEGER NOT NULL REFERENCES device (id),
    certificate BLOB    NOT NULL,        -- SHA-256 of what was issued for it
    used_at     INTEGER NOT NULL
);
CREATE INDEX certificate_use_by_device ON certificate_use (device_id);

-- The last order to a fleet to renew. What is left of it: total - gone + joined, without walking over the certificates.
CREATE TABLE reissue (
    fleet_id         INTEGER PRIMARY KEY REFERENCES fleet (id),
    started_at       INTEGER NOT NULL,
    until            INTEGER NOT NULL,
    last_certificate INTEGER NOT NULL, -- rows of certificate up to this one are due; the clock plays no part
    total            INTEGER,          -- how many were due; NULL until they are counted
    gone             INTEGER NOT NULL, -- due ones that were replaced or revoked, or whose device left the fleet
    joined           INTEGER NOT NULL  -- due ones whose device came into the fleet
);
