-- How long turns took that are over (轮到谁了): in which state, and in which step of an open order (0: without one).
CREATE TABLE turn_time (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    state TEXT NOT NULL,
    step INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    -- Milliseconds.
    ms INTEGER NOT NULL
) STRICT;

CREATE INDEX turn_time_state_step_ended_at_idx ON turn_time (state, step, ended_at, ms);
