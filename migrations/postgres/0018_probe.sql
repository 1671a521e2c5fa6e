-- 健康: whether what is live answers. One round after the other goes through all that is listed.
CREATE TABLE probe_round (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    begun_at BIGINT NOT NULL,
    -- Publications with a greater key are still to be probed.
    after_key BIGINT NOT NULL
);

INSERT INTO probe_round (id, begun_at, after_key) VALUES (1, 0, 9223372036854775807);

CREATE TABLE probe (
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    publication_id UUID NOT NULL REFERENCES publication (id),
    target TEXT NOT NULL CHECK (target IN ('live', 'health')),
    address TEXT NOT NULL,
    at BIGINT NOT NULL,
    took_ms BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'failed', 'not_asked')),
    -- Why, in a sentence; empty where it answered.
    said TEXT NOT NULL
);

CREATE INDEX probe_publication_id_idx ON probe (publication_id, target, key);
CREATE INDEX publication_listed_key_idx ON publication (key) WHERE listed;

-- Whose people were told that it does not answer, and have not been told since that it does.
CREATE TABLE unhealthy (
    publication_id UUID PRIMARY KEY REFERENCES publication (id),
    at BIGINT NOT NULL
);
