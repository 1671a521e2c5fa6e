-- Of several processes on one database, one leads each periodic job.
CREATE TABLE lease (
    -- The job.
    name TEXT PRIMARY KEY,
    -- The process that leads it.
    holder BLOB NOT NULL,
    -- From then on another may lead.
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Sign-ins that were turned away since the last one that was looked at.
ALTER TABLE sign_in_failure ADD COLUMN turned_away INTEGER NOT NULL DEFAULT 0;
