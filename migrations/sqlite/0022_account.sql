-- Accounts of a real site: the first start, activation, passwords, one-time codes (identity.md, First start, Sign-in).

-- UTC milliseconds; null: there is no password, or it is a demo's.
ALTER TABLE person ADD COLUMN password_set_at INTEGER;
-- Of the authenticator (RFC 6238); null: none is bound.
ALTER TABLE person ADD COLUMN totp_secret BLOB;
-- The last step whose code was used: each is used once.
ALTER TABLE person ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;

-- The link of the first start: one, used once.
CREATE TABLE first_start (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    code_hash BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- Links with which people choose their passwords: one a person, used once.
CREATE TABLE activation (
    person_id BLOB PRIMARY KEY REFERENCES person (id),
    -- SHA-256 of the code, which only the link has.
    code_hash BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX activation_code_hash_key ON activation (code_hash);

-- In place of a code of the authenticator, once each.
CREATE TABLE recovery_code (
    person_id BLOB NOT NULL REFERENCES person (id),
    code_hash BLOB NOT NULL,
    PRIMARY KEY (person_id, code_hash)
) STRICT, WITHOUT ROWID;

-- Passwords that a person had: a new one is not among the last.
CREATE TABLE former_password (
    person_id BLOB NOT NULL REFERENCES person (id),
    set_at INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (person_id, set_at)
) STRICT, WITHOUT ROWID;
