-- 运行时外链: external hosts that browsers refused to load for an application, counted.
CREATE TABLE refused_host (
    publication_id BLOB NOT NULL REFERENCES publication (id),
    host TEXT NOT NULL,
    n INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (publication_id, host)
) STRICT, WITHOUT ROWID;
