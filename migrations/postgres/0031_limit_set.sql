-- 限制: what the system administrator made of the limits of packages and builds. Each change is a set of its own.
CREATE TABLE limit_set (
    -- From 1; 0: nobody changed anything.
    number BIGINT PRIMARY KEY,
    -- JSON: every limit that is set on the screen, by its setting's name.
    changed TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    made_at BIGINT NOT NULL
);
