-- 健康: whether what is live answers. One round after the other goes through all that is listed.
CREATE TABLE probe_round (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    begun_at INTEGER NOT NULL,
    -- Publications with a greater key are still to be probed.
    after_key INTEGER NOT NULL
) STRICT;

INSERT INTO probe_round (id, begun_at, after_key) VALUES (1, 0, 9223372036854775807);

CREATE TABLE probe (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    publication_id BLOB NOT NULL REFERENCES publication (id),
    target TEXT NOT NULL CHECK (target IN ('live', 'health')),
    address TEXT NOT NULL,
    at INTEGER NOT NULL,
    took_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'failed', 'not_asked')),
    -- Why, in a sentence; empty where it answered.
    said TEXT NOT NULL
) STRICT;

CREATE INDEX probe_publication_id_idx ON probe (publication_id, target, key);
CREATE INDEX publication_listed_key_idx ON publication (key) WHERE listed = 1;

-- Whose people were told that it does not answer, and have not been told since that it does.
CREATE TABLE unhealthy (
    publication_id BLOB PRIMARY KEY REFERENCES publication (id),
    at INTEGER NOT NULL
) STRICT;
