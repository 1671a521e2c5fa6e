-- Refusals of one function that a person had within a window: the first of them are in the audit log one by one, the others are counted
-- (identity.md, Audit).
CREATE TABLE refusal_count (
    person_id BLOB NOT NULL REFERENCES person (id),
    -- The function: an action of the audit log, or the shape of a path.
    what TEXT NOT NULL,
    -- When the window began.
    since INTEGER NOT NULL,
    -- Those in the log by themselves.
    noted INTEGER NOT NULL,
    -- Those that the log has yet to say how many they were.
    more INTEGER NOT NULL,
    PRIMARY KEY (person_id, what)
) STRICT, WITHOUT ROWID;

CREATE INDEX refusal_count_since_idx ON refusal_count (since);
