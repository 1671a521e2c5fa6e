-- People, what they may do, how they sign in, and the record of what they did.

-- 'demo' or 'real': --demo refuses a database that was initialised for real.
CREATE TABLE installation (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    kind TEXT NOT NULL CHECK (kind IN ('demo', 'real')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE department (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL CONSTRAINT department_name_key UNIQUE,
    -- The department's id in 浙政钉.
    dingtalk_id TEXT NOT NULL CONSTRAINT department_dingtalk_id_key UNIQUE,
    -- Official region code: the department's seat.
    region TEXT NOT NULL
) STRICT;

CREATE TABLE person (
    id BLOB PRIMARY KEY,
    account TEXT NOT NULL CONSTRAINT person_account_key UNIQUE,
    name TEXT NOT NULL,
    department_id BLOB REFERENCES department (id),
    -- 11 digits, verified: a developer's identity.
    mobile TEXT CONSTRAINT person_mobile_key UNIQUE,
    active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- Argon2id in PHC form; null where the person can't sign in by password.
    password_hash TEXT
) STRICT;

-- The seat of a reviewer or an operator names a region; other roles have none ('').
CREATE TABLE person_role (
    person_id BLOB NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('staff', 'reviewer', 'operator', 'developer',
        'system_administrator', 'security_administrator', 'auditor')),
    region TEXT NOT NULL,
    PRIMARY KEY (person_id, role, region)
) STRICT, WITHOUT ROWID;

CREATE INDEX person_role_role_idx ON person_role (role, region);

-- Separated duties (identity.md): an administrator has that one role and no other.
CREATE TRIGGER person_role_separated BEFORE INSERT ON person_role
WHEN EXISTS (
    SELECT 1 FROM person_role AS other
    WHERE other.person_id = NEW.person_id AND other.role <> NEW.role
      AND (NEW.role IN ('system_administrator', 'security_administrator', 'auditor')
        OR other.role IN ('system_administrator', 'security_administrator', 'auditor'))
)
BEGIN
    SELECT RAISE(ABORT, 'person_role_separated');
END;

CREATE TRIGGER person_role_no_update BEFORE UPDATE ON person_role
BEGIN
    SELECT RAISE(ABORT, 'person_role is given and taken, not changed');
END;

CREATE TABLE session (
    -- SHA-256 of the token, which only the browser has.
    token_hash BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX session_person_id_idx ON session (person_id);

-- Failures of a pair of account and address, so that nobody can lock another person out.
CREATE TABLE sign_in_failure (
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    failures INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (account, address)
) STRICT, WITHOUT ROWID;

-- Append-only and hash-chained: each row's hash covers the hash before it.
CREATE TABLE audit_event (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    person_id BLOB,
    person_name TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('done', 'refused')),
    -- JSON; what was before and after, without secrets.
    detail TEXT NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE INDEX audit_event_object_idx ON audit_event (object_kind, object_id, seq);

CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
BEGIN
    SELECT RAISE(ABORT, 'audit_event is append-only');
END;

-- REPLACE would delete without asking the trigger below.
CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
WHEN EXISTS (SELECT 1 FROM audit_event WHERE seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'audit_event is append-only');
END;

CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN
    SELECT RAISE(ABORT, 'audit_event is append-only');
END;

-- 应用系统, from the catalogue.
CREATE TABLE application_system (
    id BLOB PRIMARY KEY,
    -- In order of creation: lists are paged by it.
    key INTEGER NOT NULL CONSTRAINT application_system_key_key UNIQUE,
    name TEXT NOT NULL CONSTRAINT application_system_name_key UNIQUE,
    english_name TEXT NOT NULL,
    department_id BLOB NOT NULL REFERENCES department (id),
    region TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE application_system_administrator (
    system_id BLOB NOT NULL REFERENCES application_system (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    PRIMARY KEY (person_id, system_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX application_system_administrator_system_id_idx ON application_system_administrator (system_id);
