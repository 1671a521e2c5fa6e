-- 渠道申请: the list of further channels, and who is in which.

CREATE TABLE further_channel (
    -- In order of creation.
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL CONSTRAINT further_channel_id_key UNIQUE,
    name TEXT NOT NULL CONSTRAINT further_channel_name_key UNIQUE,
    -- What is stopped takes no applications, and its directory is gone.
    active INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Given by an approved 渠道申请; ends with 已下线.
CREATE TABLE publication_further_channel (
    channel_id BLOB NOT NULL REFERENCES further_channel (id),
    publication_key INTEGER NOT NULL REFERENCES publication (key),
    PRIMARY KEY (channel_id, publication_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX publication_further_channel_publication_key_idx ON publication_further_channel (publication_key);
