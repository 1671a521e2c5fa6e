-- 发布: what is published, its contacts, its sites, its place in lists; drafts and answers of forms.

CREATE TABLE publication (
    -- In order of creation; the number of the 服务ID: never used twice.
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL CONSTRAINT publication_id_key UNIQUE,
    -- Grows with every change of what the rules read.
    version INTEGER NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('service', 'governance')),
    kind TEXT NOT NULL CHECK (kind IN ('h5', 'pc', 'mini_program')),
    -- One bit a channel (domain::ChannelSet).
    channels INTEGER NOT NULL,
    hosted INTEGER NOT NULL,
    linked INTEGER NOT NULL,
    system_id BLOB NOT NULL REFERENCES application_system (id),
    state TEXT NOT NULL CHECK (state IN ('preparing', 'awaiting_acceptance', 'awaiting_release', 'release_in_review',
        'configuring', 'published', 'info_change_in_review', 'upgrade_deploying', 'awaiting_upgrade_acceptance',
        'awaiting_upgrade', 'upgrade_in_review', 'offline_in_review', 'offline')),
    name TEXT NOT NULL,
    -- The name without regard to case: unique within its side, 已下线 included.
    name_key TEXT NOT NULL,
    -- SHA-256 of the picture, hexadecimal.
    icon TEXT NOT NULL,
    -- JSON of domain::fields::ValidRegistration.
    registration TEXT NOT NULL,
    -- Versions with a greater key are of the present round.
    round_after INTEGER NOT NULL,
    republished INTEGER NOT NULL,
    configuring_from TEXT CHECK (configuring_from IN ('release', 'upgrade')),
    -- Since when it is whoever's turn it is.
    turn_since INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX publication_side_name_key_key ON publication (side, name_key);
CREATE INDEX publication_system_id_idx ON publication (system_id, side, state, key);
CREATE INDEX publication_side_key_idx ON publication (side, key);
CREATE INDEX publication_side_state_idx ON publication (side, state, key);

-- 开发商联系方式: who may work on it, by mobile number.
CREATE TABLE publication_contact (
    publication_id BLOB NOT NULL REFERENCES publication (id),
    mobile TEXT NOT NULL,
    name TEXT NOT NULL,
    -- 联系人待确认: the number moved to another account.
    suspended INTEGER NOT NULL,
    PRIMARY KEY (mobile, publication_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX publication_contact_publication_id_idx ON publication_contact (publication_id);

-- 适用范围, by official region code.
CREATE TABLE publication_site (
    publication_key INTEGER NOT NULL REFERENCES publication (key),
    region INTEGER NOT NULL,
    PRIMARY KEY (publication_key, region)
) STRICT, WITHOUT ROWID;

-- The keyword index: one- and two-character grams of the name. It knows nothing of the state.
CREATE VIRTUAL TABLE publication_gram USING fts5 (
    grams, content = '', detail = none, columnsize = 0, tokenize = "ascii tokenchars '_'"
);

-- Counts on tabs are kept, not counted: one row per application system, side and state.
CREATE TABLE publication_count (
    system_id BLOB NOT NULL REFERENCES application_system (id),
    side TEXT NOT NULL,
    state TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (system_id, side, state)
) STRICT, WITHOUT ROWID;

-- Forms not sent yet: one per person and form, so that a reload loses nothing.
CREATE TABLE draft (
    person_id BLOB NOT NULL REFERENCES person (id),
    form TEXT NOT NULL,
    -- JSON of the form as typed.
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, form)
) STRICT, WITHOUT ROWID;

-- The first answer to a form's idempotency key: twice the same gives it again.
CREATE TABLE command_answer (
    key BLOB PRIMARY KEY,
    person_id BLOB NOT NULL REFERENCES person (id),
    -- JSON.
    answer TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
