-- API 令牌: what a developer's own CI may do in their name, for one publication.

CREATE TABLE api_token (
    id UUID PRIMARY KEY,
    -- SHA-256 of the token, which only its owner has.
    token_hash BYTEA NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    publication_id UUID NOT NULL REFERENCES publication (id),
    name TEXT NOT NULL,
    -- JSON: ids of domain::api_token::ApiScope.
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- To the minute.
    used_at BIGINT,
    revoked_at BIGINT
);

CREATE UNIQUE INDEX api_token_token_hash_key ON api_token (token_hash);
CREATE INDEX api_token_person_id_idx ON api_token (person_id, publication_id);
