-- Rowid tables throughout: WITHOUT ROWID with a random key dirties one page a row (5 to 7 times slower, measured).
-- Times are milliseconds since the epoch. Fingerprints are 32 bytes.

CREATE TABLE home (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    name     TEXT    NOT NULL, -- random; binds the audit's genesis to this home
    epoch    TEXT    NOT NULL, -- of the directory
    revision INTEGER NOT NULL  -- of the directory, without holes within the epoch
);

CREATE TABLE fleet (
    id           INTEGER PRIMARY KEY,
    name         TEXT    NOT NULL UNIQUE,
    kind         TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    lifetime     INTEGER NOT NULL,
    sessions_max INTEGER NOT NULL,
    policy       TEXT    NOT NULL,
    version      INTEGER NOT NULL,
    created_at   INTEGER NOT NULL
);

CREATE TABLE device (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL,
    folded      TEXT    NOT NULL UNIQUE, -- the name in lower case: ids are unique without regard to case
    fleet_id    INTEGER NOT NULL REFERENCES fleet (id),
    state       TEXT    NOT NULL,
    shown       TEXT    NOT NULL,        -- the state as people see it, for lists
    attributes  TEXT    NOT NULL,
    revoked_at  INTEGER,
    revocations INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
);
CREATE INDEX device_by_fleet ON device (fleet_id, folded);
CREATE INDEX device_by_state ON device (shown, folded);
CREATE INDEX device_by_fleet_and_state ON device (fleet_id, shown, folded);

CREATE TABLE certificate (
    id         INTEGER PRIMARY KEY,
    sha256     BLOB    NOT NULL UNIQUE,
    device_id  INTEGER NOT NULL REFERENCES device (id),
    issuer     TEXT    NOT NULL,
    serial     BLOB    NOT NULL,
    state      TEXT    NOT NULL,
    reason     TEXT,
    revoked_at INTEGER,
    not_before INTEGER NOT NULL,
    not_after  INTEGER NOT NULL,
    issued_at  INTEGER NOT NULL,
    key_sha256 BLOB    NOT NULL,
    key_barred INTEGER NOT NULL,
    proof      TEXT    NOT NULL,
    retired    INTEGER NOT NULL
);
CREATE UNIQUE INDEX certificate_by_serial ON certificate (serial, issuer);
CREATE INDEX certificate_by_device ON certificate (device_id);
CREATE INDEX certificate_by_key ON certificate (key_sha256);
CREATE INDEX certificate_listed ON certificate (not_after) WHERE state IN ('revoked', 'held');

-- The encodings apart from the rows that lists and snapshots walk over.
CREATE TABLE certificate_der (
    id  INTEGER PRIMARY KEY REFERENCES certificate (id),
    der BLOB NOT NULL
);

CREATE TABLE claim (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    name           TEXT    NOT NULL UNIQUE, -- what administrators call it
    fleet_id       INTEGER NOT NULL REFERENCES fleet (id),
    device         TEXT    NOT NULL,
    folded         TEXT    NOT NULL,
    secret_sha256  BLOB    NOT NULL UNIQUE,
    cancelled      INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    expires_at     INTEGER NOT NULL,
    public_key     BLOB,
    used_by        BLOB,
    certificate    BLOB
);
CREATE INDEX claim_by_device ON claim (folded, id);
CREATE INDEX claim_by_fleet ON claim (fleet_id, id);

CREATE TABLE broker (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    enrolled_at INTEGER NOT NULL,
    last_seen   INTEGER,
    position    INTEGER
);

CREATE TABLE broker_certificate (
    id         INTEGER PRIMARY KEY,
    sha256     BLOB    NOT NULL UNIQUE,
    broker_id  INTEGER NOT NULL REFERENCES broker (id),
    not_before INTEGER NOT NULL,
    not_after  INTEGER NOT NULL
);
CREATE INDEX broker_certificate_by_broker ON broker_certificate (broker_id);

CREATE TABLE authority (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    der  BLOB NOT NULL
);

CREATE TABLE crl (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    number      TEXT    NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL
);

-- The last changes of the directory, as brokers read them.
CREATE TABLE change (
    revision INTEGER PRIMARY KEY,
    line     BLOB NOT NULL
);

CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    action   TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    detail   TEXT    NOT NULL,
    previous BLOB    NOT NULL,
    hash     BLOB    NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, seq);
