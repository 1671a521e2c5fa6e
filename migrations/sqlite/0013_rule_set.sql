-- 检测规则: what the system administrator made of the rules. Each change is a set of its own; a result names the one it was made with.
CREATE TABLE rule_set (
    -- From 1.
    number INTEGER PRIMARY KEY,
    -- JSON: every rule that weighs something else than in the table.
    changed TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    made_at INTEGER NOT NULL
) STRICT;

-- 仍要继续: a warning that the developer takes over, with the reason that acceptance and approval see.
CREATE TABLE kept_warning (
    version_id BLOB NOT NULL REFERENCES version (id),
    -- The rule's id.
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (version_id, rule)
) STRICT, WITHOUT ROWID;
