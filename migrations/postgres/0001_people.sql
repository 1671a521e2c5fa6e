-- People, what they may do, how they sign in, and the record of what they did.

-- 'demo' or 'real': --demo refuses a database that was initialised for real.
CREATE TABLE installation (
    only_row BIGINT PRIMARY KEY CHECK (only_row = 1),
    kind TEXT NOT NULL CHECK (kind IN ('demo', 'real')),
    created_at BIGINT NOT NULL
);

CREATE TABLE department (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL CONSTRAINT department_name_key UNIQUE,
    -- The department's id in 浙政钉.
    dingtalk_id TEXT NOT NULL CONSTRAINT department_dingtalk_id_key UNIQUE,
    -- Official region code: the department's seat.
    region TEXT NOT NULL
);

CREATE TABLE person (
    id UUID PRIMARY KEY,
    account TEXT NOT NULL CONSTRAINT person_account_key UNIQUE,
    name TEXT NOT NULL,
    department_id UUID REFERENCES department (id),
    -- 11 digits, verified: a developer's identity.
    mobile TEXT CONSTRAINT person_mobile_key UNIQUE,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    -- Argon2id in PHC form; null where the person can't sign in by password.
    password_hash TEXT
);

-- The seat of a reviewer or an operator names a region; other roles have none ('').
CREATE TABLE person_role (
    person_id UUID NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('staff', 'reviewer', 'operator', 'developer',
        'system_administrator', 'security_administrator', 'auditor')),
    region TEXT NOT NULL,
    PRIMARY KEY (person_id, role, region)
);

CREATE INDEX person_role_role_idx ON person_role (role, region);

-- Separated duties (identity.md): an administrator has that one role and no other.
CREATE FUNCTION person_role_separated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'person_role is given and taken, not changed';
    END IF;
    -- Two roles given at once see each other: one waits here.
    PERFORM 1 FROM person WHERE id = NEW.person_id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM person_role AS other
        WHERE other.person_id = NEW.person_id AND other.role <> NEW.role
          AND (NEW.role IN ('system_administrator', 'security_administrator', 'auditor')
            OR other.role IN ('system_administrator', 'security_administrator', 'auditor'))
    ) THEN
        RAISE EXCEPTION 'person_role_separated';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER person_role_separated BEFORE INSERT OR UPDATE ON person_role
FOR EACH ROW EXECUTE FUNCTION person_role_separated();

CREATE TABLE session (
    -- SHA-256 of the token, which only the browser has.
    token_hash BYTEA PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);

CREATE INDEX session_person_id_idx ON session (person_id);

-- Failures of a pair of account and address, so that nobody can lock another person out.
CREATE TABLE sign_in_failure (
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (account, address)
);

-- Append-only and hash-chained: each row's hash covers the hash before it.
CREATE TABLE audit_event (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    request_id TEXT NOT NULL,
    person_id UUID,
    person_name TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    result TEXT NOT NULL CHECK (result IN ('done', 'refused')),
    -- JSON; what was before and after, without secrets.
    detail TEXT NOT NULL,
    previous_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL
);

CREATE INDEX audit_event_object_idx ON audit_event (object_kind, object_id, seq);

CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_event is append-only';
END $$;

CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
FOR EACH ROW EXECUTE FUNCTION audit_event_append_only();

CREATE TRIGGER audit_event_no_delete BEFORE DELETE OR TRUNCATE ON audit_event
FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only();

-- 应用系统, from the catalogue.
CREATE TABLE application_system (
    id UUID PRIMARY KEY,
    -- In order of creation: lists are paged by it.
    key BIGINT NOT NULL CONSTRAINT application_system_key_key UNIQUE,
    name TEXT NOT NULL CONSTRAINT application_system_name_key UNIQUE,
    english_name TEXT NOT NULL,
    department_id UUID NOT NULL REFERENCES department (id),
    region TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE application_system_administrator (
    system_id UUID NOT NULL REFERENCES application_system (id),
    person_id UUID NOT NULL REFERENCES person (id),
    PRIMARY KEY (person_id, system_id)
);

CREATE INDEX application_system_administrator_system_id_idx ON application_system_administrator (system_id);
