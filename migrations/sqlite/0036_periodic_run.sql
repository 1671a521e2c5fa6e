-- Of each periodic job that one process of a database does for all: its last runs.
CREATE TABLE periodic_run (
    -- The job, as in lease.
    name TEXT PRIMARY KEY,
    -- Since when it is known.
    since INTEGER NOT NULL,
    -- Whether the last run ended well.
    well INTEGER NOT NULL CHECK (well IN (0, 1)),
    -- When one last ended well, and how long it took; null: never.
    done_at INTEGER,
    took_ms INTEGER,
    -- When one last failed; null: never.
    failed_at INTEGER,
    -- What there is to say of the last run, in a sentence; null: nothing, or the log has the cause.
    said TEXT,
    -- The machine of whoever ran it last.
    machine TEXT NOT NULL
) STRICT, WITHOUT ROWID;
