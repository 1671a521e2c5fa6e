-- Sign-in by OpenID Connect (identity.md, Sign-in): a person is (issuer, subject), and nothing else that a provider says.

CREATE TABLE oidc_identity (
    id UUID PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    -- As the provider called them when they were linked: for people to read, it lets nobody in.
    name TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    CONSTRAINT oidc_identity_issuer_subject_key UNIQUE (issuer, subject)
);

CREATE INDEX oidc_identity_person_id_idx ON oidc_identity (person_id);

-- Who came for the first time, and waits for the system administrator. Limited in number and age.
CREATE TABLE oidc_waiting (
    id UUID PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- As the provider calls them; may be empty.
    name TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    CONSTRAINT oidc_waiting_issuer_subject_key UNIQUE (issuer, subject)
);

CREATE INDEX oidc_waiting_first_at_idx ON oidc_waiting (first_at);
