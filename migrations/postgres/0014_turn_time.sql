-- How long turns took that are over (轮到谁了): in which state, and in which step of an open order (0: without one).
CREATE TABLE turn_time (
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state TEXT NOT NULL,
    step BIGINT NOT NULL,
    ended_at BIGINT NOT NULL,
    -- Milliseconds.
    ms BIGINT NOT NULL
);

CREATE INDEX turn_time_state_step_ended_at_idx ON turn_time (state, step, ended_at, ms);
