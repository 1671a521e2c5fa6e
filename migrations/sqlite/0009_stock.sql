-- 存量应用: what lives on the old platform, and the orders that link it.

CREATE TABLE stock_application (
    -- In order of the first import.
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Also the id of the publication that it becomes.
    id BLOB NOT NULL CONSTRAINT stock_application_id_key UNIQUE,
    -- Grows with every change of what the rules read.
    version INTEGER NOT NULL,
    -- 原应用ID: an import finds the row by it.
    original_id TEXT NOT NULL CONSTRAINT stock_application_original_id_key UNIQUE,
    name TEXT NOT NULL,
    english_name TEXT NOT NULL,
    department_id BLOB NOT NULL REFERENCES department (id),
    -- Where the old platform has it: the publication begins there.
    listed TEXT NOT NULL CHECK (listed IN ('preparing', 'awaiting_acceptance', 'awaiting_release', 'published',
        'upgrade_deploying', 'awaiting_upgrade_acceptance', 'awaiting_upgrade', 'offline')),
    -- 移动端地址.
    address TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unlinked', 'link_in_review', 'linked')),
    -- Why the last 关联 was refused; empty if it was not.
    refusal TEXT NOT NULL,
    -- 应用系统 that the last 关联 names.
    system_id BLOB REFERENCES application_system (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX stock_application_department_id_idx ON stock_application (department_id, key);

-- What a 关联 is about; publication_id stands beside it once it is approved.
ALTER TABLE work_order ADD COLUMN stock_id BLOB REFERENCES stock_application (id);

-- A second open work order for one stock application can not exist.
CREATE UNIQUE INDEX work_order_stock_open_key ON work_order (stock_id) WHERE status = 'in_review' AND stock_id IS NOT NULL;

-- A name in an open 关联 is taken, and its publication is not there yet: no foreign key any more.
CREATE TABLE publication_name_next (
    side TEXT NOT NULL,
    name_key TEXT NOT NULL,
    publication_id BLOB NOT NULL,
    CONSTRAINT publication_name_side_name_key_key PRIMARY KEY (side, name_key)
) STRICT, WITHOUT ROWID;

INSERT INTO publication_name_next (side, name_key, publication_id) SELECT side, name_key, publication_id FROM publication_name;
DROP TABLE publication_name;
ALTER TABLE publication_name_next RENAME TO publication_name;
CREATE INDEX publication_name_publication_id_idx ON publication_name (publication_id);
