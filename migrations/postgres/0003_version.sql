-- 版本: uploads, versions, their stages, the jobs that run them, previews, and what is live.

-- An upload under way; swept 24 hours after it began.
CREATE TABLE upload (
    id UUID PRIMARY KEY,
    publication_id UUID NOT NULL REFERENCES publication (id),
    person_id UUID NOT NULL REFERENCES person (id),
    file_name TEXT NOT NULL,
    -- Bytes, as announced at the beginning.
    size BIGINT NOT NULL,
    -- SHA-256 of the whole, hexadecimal, once it is finished.
    package TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX upload_created_at_idx ON upload (created_at);

CREATE TABLE upload_part (
    upload_id UUID NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
    -- From 0.
    number BIGINT NOT NULL,
    size BIGINT NOT NULL,
    -- SHA-256 of the part: its bytes are a file of that hash.
    hash TEXT NOT NULL,
    PRIMARY KEY (upload_id, number)
);

CREATE TABLE version (
    -- In order of upload; publication.round_after compares with it.
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL CONSTRAINT version_id_key UNIQUE,
    publication_id UUID NOT NULL REFERENCES publication (id),
    -- 主.次.修订, compared as numbers.
    major BIGINT NOT NULL,
    minor BIGINT NOT NULL,
    patch BIGINT NOT NULL,
    -- The number counts: submitted for acceptance, or live, once.
    counts BOOLEAN NOT NULL,
    note TEXT NOT NULL,
    file_name TEXT NOT NULL,
    -- SHA-256 of the zip, and its bytes.
    package TEXT NOT NULL,
    package_size BIGINT NOT NULL,
    -- SHA-256 of the manifest of what is served, once it is built.
    bundle TEXT,
    -- JSON: the external hosts that the developer declared, each with its purpose (用途).
    external_hosts TEXT NOT NULL,
    uploaded_by UUID NOT NULL REFERENCES person (id),
    uploaded_at BIGINT NOT NULL
);

CREATE INDEX version_publication_id_idx ON version (publication_id, key);

CREATE TABLE stage (
    version_id UUID NOT NULL REFERENCES version (id),
    stage TEXT NOT NULL CHECK (stage IN ('source_check', 'build', 'link_check', 'deploy_test')),
    status TEXT NOT NULL CHECK (status IN ('waiting', 'running', 'passed', 'failed', 'cancelled')),
    started_at BIGINT,
    ended_at BIGINT,
    -- What came of it, in one sentence: the first cause of 未通过, or what a passed stage says of itself.
    sentence TEXT NOT NULL,
    -- JSON of the findings.
    findings TEXT NOT NULL,
    PRIMARY KEY (version_id, stage)
);

-- The log as it came, piece by piece: at most 5 MB a stage, the middle cut.
CREATE TABLE stage_log (
    version_id UUID NOT NULL REFERENCES version (id),
    stage TEXT NOT NULL,
    -- From 0.
    number BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (version_id, stage, number)
);

-- What is to be done in the background, once: two of one kind for one subject are one.
CREATE TABLE job (
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind TEXT NOT NULL,
    subject UUID NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- The process that runs it, and until when nobody else may.
    lease_holder UUID,
    lease_until BIGINT,
    CONSTRAINT job_kind_subject_key UNIQUE (kind, subject)
);

CREATE INDEX job_due_at_idx ON job (kind, due_at);

-- The same package, built by the same tools, gives the same bundle.
CREATE TABLE build_result (
    package TEXT NOT NULL,
    tools TEXT NOT NULL,
    bundle TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (package, tools)
);

-- An unguessable host label under which a version can be looked at for a while.
CREATE TABLE preview (
    label TEXT PRIMARY KEY,
    version_id UUID NOT NULL REFERENCES version (id),
    expires_at BIGINT NOT NULL
);

CREATE INDEX preview_version_id_idx ON preview (version_id);

-- 验收: each time staff accepted or rejected.
CREATE TABLE acceptance (
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version_id UUID NOT NULL REFERENCES version (id),
    person_id UUID NOT NULL REFERENCES person (id),
    accepted BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX acceptance_version_id_idx ON acceptance (version_id);

-- Each time a version became live; the last row is the pointer.
CREATE TABLE live_version (
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    publication_id UUID NOT NULL REFERENCES publication (id),
    version_id UUID NOT NULL REFERENCES version (id),
    at BIGINT NOT NULL
);

CREATE INDEX live_version_publication_id_idx ON live_version (publication_id, key);

-- In this round: the version of the last 提交验收, and the one that staff accepted.
ALTER TABLE publication ADD COLUMN submitted_version UUID REFERENCES version (id);
ALTER TABLE publication ADD COLUMN accepted_version UUID REFERENCES version (id);
-- What is live here, or was last.
ALTER TABLE publication ADD COLUMN live_version UUID REFERENCES version (id);
-- The hosted address answers 410, and names this instead.
ALTER TABLE publication ADD COLUMN stopped BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE publication ADD COLUMN substitute TEXT NOT NULL DEFAULT '';
-- It stands in the directories of its channels.
ALTER TABLE publication ADD COLUMN listed BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX publication_listed_idx ON publication (side, key) WHERE listed;
