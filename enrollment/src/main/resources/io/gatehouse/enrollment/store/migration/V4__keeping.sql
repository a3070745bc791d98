-- Signed words about the audit, and the keys that signed them.
CREATE TABLE audit_checkpoint (
    seq        INTEGER PRIMARY KEY, -- the row of the audit that it vouches for, with all before
    epoch      TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    head       BLOB    NOT NULL,
    key_sha256 BLOB    NOT NULL,
    signature  BLOB    NOT NULL,
    copied     INTEGER NOT NULL     -- whether it is kept elsewhere, too
);
CREATE INDEX audit_checkpoint_to_copy ON audit_checkpoint (seq) WHERE copied = 0;

CREATE TABLE audit_key (
    sha256 BLOB PRIMARY KEY,
    spki   BLOB NOT NULL
);

-- The restore that this registry comes from. Only one is remembered.
CREATE TABLE restoration (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    epoch       TEXT    NOT NULL, -- of the directory in the backup, which brokers may know further
    revision    INTEGER NOT NULL, -- of the directory in the backup
    audit_seq   INTEGER NOT NULL, -- the last row of the audit in the backup
    backup_at   INTEGER NOT NULL,
    restored_at INTEGER NOT NULL,
    until       INTEGER NOT NULL, -- witnesses are asked until then
    finished_at INTEGER
);

-- What brokers said of the time after the backup.
CREATE TABLE witness (
    id           INTEGER PRIMARY KEY,
    broker       TEXT    NOT NULL UNIQUE,
    revision     INTEGER NOT NULL, -- how far it knew the directory
    began_at     INTEGER NOT NULL,
    finished_at  INTEGER,
    entries      INTEGER NOT NULL,
    revoked      INTEGER NOT NULL, -- devices and certificates
    suspended    INTEGER NOT NULL,
    adopted      INTEGER NOT NULL, -- certificates
    devices      INTEGER NOT NULL, -- that were not in the backup
    fleets       INTEGER NOT NULL, -- that were not in the backup
    differing    INTEGER NOT NULL  -- things that it knew otherwise and that were left as the backup has them
);
