-- 工单: what is asked for, its steps and who decided them; attachments; the inbox.

CREATE TABLE work_order (
    -- In order of filing.
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL CONSTRAINT work_order_id_key UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('release', 'upgrade', 'info_change', 'offline', 'link', 'channels', 'roll_back')),
    status TEXT NOT NULL CHECK (status IN ('in_review', 'approved', 'refused', 'withdrawn')),
    publication_id BLOB REFERENCES publication (id),
    -- What its approval makes live, and the bytes that it is sealed to.
    version_id BLOB REFERENCES version (id),
    bundle TEXT,
    -- What 配置完成 made live instead (governance side).
    configured_id BLOB REFERENCES version (id),
    initiator_id BLOB NOT NULL REFERENCES person (id),
    -- JSON of the form as it was submitted.
    form TEXT NOT NULL,
    -- The current step, from 1, and how many there are.
    step INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    filed_at INTEGER NOT NULL,
    -- When the current step was reached, or the order ended.
    since INTEGER NOT NULL
) STRICT;

-- A second open work order for one publication can not exist (lifecycle.md, Points decided here).
CREATE UNIQUE INDEX work_order_open_key ON work_order (publication_id) WHERE status = 'in_review';
CREATE INDEX work_order_publication_id_idx ON work_order (publication_id, key);
CREATE INDEX work_order_initiator_id_idx ON work_order (initiator_id, key);

-- The steps, fixed when the order is filed.
CREATE TABLE work_order_step (
    order_id BLOB NOT NULL REFERENCES work_order (id),
    -- From 1.
    step INTEGER NOT NULL,
    role TEXT NOT NULL,
    region TEXT NOT NULL,
    -- JSON of domain::Need.
    need TEXT NOT NULL,
    -- Whether it waits for its people now: one step of an open order does.
    waits INTEGER NOT NULL,
    PRIMARY KEY (order_id, step)
) STRICT, WITHOUT ROWID;

CREATE INDEX work_order_step_seat_idx ON work_order_step (role, region, order_id) WHERE waits;

-- A person decides at most one step of an order.
CREATE TABLE work_order_decision (
    order_id BLOB NOT NULL REFERENCES work_order (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    step INTEGER NOT NULL,
    approved INTEGER NOT NULL,
    comment TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (order_id, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX work_order_decision_person_id_idx ON work_order_decision (person_id, order_id);

CREATE TABLE work_order_urge (
    order_id BLOB NOT NULL REFERENCES work_order (id),
    step INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (order_id, step, at)
) STRICT, WITHOUT ROWID;

-- A file that was stored with a form's draft; a submitted form names it.
CREATE TABLE attachment (
    person_id BLOB NOT NULL REFERENCES person (id),
    hash TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('pdf', 'png', 'jpg')),
    size INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, hash)
) STRICT, WITHOUT ROWID;

-- The inbox (收件箱).
CREATE TABLE notice (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL CONSTRAINT notice_id_key UNIQUE,
    person_id BLOB NOT NULL REFERENCES person (id),
    occasion TEXT NOT NULL,
    publication_id BLOB REFERENCES publication (id),
    order_id BLOB REFERENCES work_order (id),
    at INTEGER NOT NULL,
    read_at INTEGER
) STRICT;

CREATE INDEX notice_person_id_idx ON notice (person_id, key);

-- The bytes that staff accepted: an approval is asked for these, or not at all.
ALTER TABLE publication ADD COLUMN accepted_bundle TEXT;

-- Names that are taken, of one side without regard to case: each publication's own, 已下线 included, and the one that an open
-- 信息变更 asks for.
CREATE TABLE publication_name (
    side TEXT NOT NULL,
    name_key TEXT NOT NULL,
    publication_id BLOB NOT NULL REFERENCES publication (id),
    CONSTRAINT publication_name_side_name_key_key PRIMARY KEY (side, name_key)
) STRICT, WITHOUT ROWID;

CREATE INDEX publication_name_publication_id_idx ON publication_name (publication_id);

INSERT INTO publication_name (side, name_key, publication_id) SELECT side, name_key, id FROM publication;

-- A channel's directory is asked for by site.
CREATE INDEX publication_site_region_idx ON publication_site (region, publication_key);
