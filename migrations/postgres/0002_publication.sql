-- 发布: what is published, its contacts, its sites, its place in lists; drafts and answers of forms.

CREATE TABLE publication (
    -- In order of creation; the number of the 服务ID: never used twice.
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL CONSTRAINT publication_id_key UNIQUE,
    -- Grows with every change of what the rules read.
    version BIGINT NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('service', 'governance')),
    kind TEXT NOT NULL CHECK (kind IN ('h5', 'pc', 'mini_program')),
    -- One bit a channel (domain::ChannelSet).
    channels BIGINT NOT NULL,
    hosted BOOLEAN NOT NULL,
    linked BOOLEAN NOT NULL,
    system_id UUID NOT NULL REFERENCES application_system (id),
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
    round_after BIGINT NOT NULL,
    republished BOOLEAN NOT NULL,
    configuring_from TEXT CHECK (configuring_from IN ('release', 'upgrade')),
    -- Since when it is whoever's turn it is.
    turn_since BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX publication_side_name_key_key ON publication (side, name_key);
CREATE INDEX publication_system_id_idx ON publication (system_id, side, state, key);
CREATE INDEX publication_side_key_idx ON publication (side, key);
CREATE INDEX publication_side_state_idx ON publication (side, state, key);

-- 开发商联系方式: who may work on it, by mobile number.
CREATE TABLE publication_contact (
    publication_id UUID NOT NULL REFERENCES publication (id),
    mobile TEXT NOT NULL,
    name TEXT NOT NULL,
    -- 联系人待确认: the number moved to another account.
    suspended BOOLEAN NOT NULL,
    PRIMARY KEY (mobile, publication_id)
);

CREATE INDEX publication_contact_publication_id_idx ON publication_contact (publication_id);

-- 适用范围, by official region code.
CREATE TABLE publication_site (
    publication_key BIGINT NOT NULL REFERENCES publication (key),
    region BIGINT NOT NULL,
    PRIMARY KEY (publication_key, region)
);

-- The keyword index: one- and two-character grams of the name. It knows nothing of the state.
ALTER TABLE publication ADD COLUMN grams TEXT[] NOT NULL DEFAULT '{}';
CREATE INDEX publication_grams_idx ON publication USING gin (grams);

-- Counts on tabs are kept, not counted: one row per application system, side and state.
CREATE TABLE publication_count (
    system_id UUID NOT NULL REFERENCES application_system (id),
    side TEXT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (system_id, side, state)
);

-- Forms not sent yet: one per person and form, so that a reload loses nothing.
CREATE TABLE draft (
    person_id UUID NOT NULL REFERENCES person (id),
    form TEXT NOT NULL,
    -- JSON of the form as typed.
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, form)
);

-- The first answer to a form's idempotency key: twice the same gives it again.
CREATE TABLE command_answer (
    key UUID PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES person (id),
    -- JSON.
    answer TEXT NOT NULL,
    at BIGINT NOT NULL
);
