-- 发布方式: plans by which an approved version goes live, site by site (packages.md, When an approved version goes live).

CREATE TABLE rollout (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    publication_id BLOB NOT NULL REFERENCES publication (id),
    version_id BLOB NOT NULL REFERENCES version (id),
    -- SHA-256 of the manifest that was approved.
    bundle TEXT NOT NULL,
    -- It stood in directories when the plan began.
    listed_before INTEGER NOT NULL,
    paused INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    -- Null until all is live, or nothing of it.
    ended_at INTEGER
) STRICT;

-- One plan of a publication at a time.
CREATE UNIQUE INDEX rollout_open_key ON rollout (publication_id) WHERE ended_at IS NULL;

CREATE TABLE rollout_batch (
    rollout_key INTEGER NOT NULL REFERENCES rollout (key),
    -- From 0.
    number INTEGER NOT NULL,
    -- Empty of 定时, which has one batch of all sites.
    name TEXT NOT NULL,
    -- When it starts by itself; null: staff start it, or the plan has ended.
    at INTEGER,
    started_at INTEGER,
    PRIMARY KEY (rollout_key, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX rollout_batch_at_idx ON rollout_batch (at) WHERE at IS NOT NULL AND started_at IS NULL;

-- The sites of an open plan; gone with its end.
CREATE TABLE rollout_site (
    publication_key INTEGER NOT NULL REFERENCES publication (key),
    region INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    -- The new version is shown there.
    started INTEGER NOT NULL,
    -- It stands in no directory there before its batch starts.
    hidden INTEGER NOT NULL,
    PRIMARY KEY (publication_key, region)
) STRICT, WITHOUT ROWID;

-- What the chip adds to 已发布 while a plan is open.
ALTER TABLE publication ADD COLUMN rollout TEXT CHECK (rollout IN ('waiting', 'in_batches', 'paused'));
