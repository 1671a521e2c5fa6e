-- Who is counted is a person, or, of who is not signed in, an address (identity.md, Audit): person_id is then the address itself in 128
-- bits, one of IPv4 mapped to IPv6, of IPv6 the first 64; all ones are all who are not signed in. A person's id has a variant, where an
-- address has zeros. An old process names the same columns, and tells of people's windows alone.
CREATE TABLE refusal_count_next (
    person_id BLOB NOT NULL,
    -- The function: an action of the audit log, or the shape of a path; of sign-ins with the way.
    what TEXT NOT NULL,
    -- When the window began.
    since INTEGER NOT NULL,
    -- Those in the log by themselves.
    noted INTEGER NOT NULL,
    -- Those that the log has yet to say how many they were.
    more INTEGER NOT NULL,
    PRIMARY KEY (person_id, what)
) STRICT, WITHOUT ROWID;

INSERT INTO refusal_count_next (person_id, what, since, noted, more)
SELECT person_id, what, since, noted, more FROM refusal_count;

DROP TABLE refusal_count;

ALTER TABLE refusal_count_next RENAME TO refusal_count;

CREATE INDEX refusal_count_since_idx ON refusal_count (since);
