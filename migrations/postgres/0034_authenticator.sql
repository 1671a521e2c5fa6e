-- Authenticators that wait to be bound by who knows the password: one a person, used once, for minutes (identity.md, Sign-in).
CREATE TABLE authenticator_offer (
    person_id UUID PRIMARY KEY REFERENCES person (id),
    -- SHA-256 of the code, which only the browser has.
    code_hash BYTEA NOT NULL,
    -- What is offered follows from the code and this, as of an activation.
    salt BYTEA NOT NULL,
    made_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX authenticator_offer_code_hash_key ON authenticator_offer (code_hash);
