-- Of each periodic job that one process of a database does for all: its last runs.
CREATE TABLE periodic_run (
    -- The job, as in lease.
    name TEXT PRIMARY KEY,
    -- Since when it is known.
    since BIGINT NOT NULL,
    -- Whether the last run ended well.
    well BOOLEAN NOT NULL,
    -- When one last ended well, and how long it took; null: never.
    done_at BIGINT,
    took_ms BIGINT,
    -- When one last failed; null: never.
    failed_at BIGINT,
    -- What there is to say of the last run, in a sentence; null: nothing, or the log has the cause.
    said TEXT,
    -- The machine of whoever ran it last.
    machine TEXT NOT NULL
);
