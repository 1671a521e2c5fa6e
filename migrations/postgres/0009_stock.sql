-- 存量应用: see the file of the same name for SQLite.

CREATE TABLE stock_application (
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id UUID NOT NULL CONSTRAINT stock_application_id_key UNIQUE,
    version BIGINT NOT NULL,
    original_id TEXT NOT NULL CONSTRAINT stock_application_original_id_key UNIQUE,
    name TEXT NOT NULL,
    english_name TEXT NOT NULL,
    department_id UUID NOT NULL REFERENCES department (id),
    listed TEXT NOT NULL CHECK (listed IN ('preparing', 'awaiting_acceptance', 'awaiting_release', 'published',
        'upgrade_deploying', 'awaiting_upgrade_acceptance', 'awaiting_upgrade', 'offline')),
    address TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('unlinked', 'link_in_review', 'linked')),
    refusal TEXT NOT NULL,
    system_id UUID REFERENCES application_system (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX stock_application_department_id_idx ON stock_application (department_id, key);

ALTER TABLE work_order ADD COLUMN stock_id UUID REFERENCES stock_application (id);

CREATE UNIQUE INDEX work_order_stock_open_key ON work_order (stock_id) WHERE status = 'in_review' AND stock_id IS NOT NULL;

ALTER TABLE publication_name DROP CONSTRAINT publication_name_publication_id_fkey;
