-- The devices CAs of this home, by generation. Their certificates and keys are files; what each is used for stands here.

CREATE TABLE devices_ca (
    generation INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE, -- as in addresses
    sha256     BLOB    NOT NULL,
    issuer     TEXT    NOT NULL,        -- as the issuer of its certificates has it
    state      TEXT    NOT NULL,        -- announced, issuing, older, retired
    since      INTEGER NOT NULL,        -- in this state
    not_after  INTEGER NOT NULL
);
