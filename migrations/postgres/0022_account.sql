-- Accounts of a real site: the first start, activation, passwords, one-time codes (identity.md, First start, Sign-in).

-- UTC milliseconds; null: there is no password, or it is a demo's.
ALTER TABLE person ADD COLUMN password_set_at BIGINT;
-- Of the authenticator (RFC 6238); null: none is bound.
ALTER TABLE person ADD COLUMN totp_secret BYTEA;
-- The last step whose code was used: each is used once.
ALTER TABLE person ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;

-- The link of the first start: one, used once.
CREATE TABLE first_start (
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
    code_hash BYTEA NOT NULL,
    made_at BIGINT NOT NULL
);

-- Links with which people choose their passwords: one a person, used once.
CREATE TABLE activation (
    person_id UUID PRIMARY KEY REFERENCES person (id),
    -- SHA-256 of the code, which only the link has.
    code_hash BYTEA NOT NULL,
    made_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX activation_code_hash_key ON activation (code_hash);

-- In place of a code of the authenticator, once each.
CREATE TABLE recovery_code (
    person_id UUID NOT NULL REFERENCES person (id),
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (person_id, code_hash)
);

-- Passwords that a person had: a new one is not among the last.
CREATE TABLE former_password (
    person_id UUID NOT NULL REFERENCES person (id),
    set_at BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (person_id, set_at)
);
