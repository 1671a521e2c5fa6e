-- 审计: the log is searched by person, action, time and result (by object it already is), in the order of its numbers.
CREATE INDEX audit_event_person_id_idx ON audit_event (person_id, seq);

CREATE INDEX audit_event_action_idx ON audit_event (action, seq);

CREATE INDEX audit_event_at_idx ON audit_event (at);

-- Refusals are few: whoever looks for them walks this.
CREATE INDEX audit_event_refused_idx ON audit_event (seq) WHERE result = 'refused';

-- What an auditor did, by the role at that time: not for auditors, and all that the security administrator sees of the log.
CREATE TABLE auditor_event (
    seq BIGINT PRIMARY KEY REFERENCES audit_event (seq)
);

-- Until the trigger is there nobody appends.
LOCK TABLE audit_event IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO auditor_event (seq)
SELECT DISTINCT e.seq FROM audit_event AS e JOIN person_role AS r ON r.person_id = e.person_id AND r.role = 'auditor';

CREATE FUNCTION audit_event_of_auditor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO auditor_event (seq) SELECT NEW.seq
    WHERE EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = NEW.person_id AND r.role = 'auditor');
    RETURN NULL;
END $$;

-- A trigger, so that the previous version of the program, which knows nothing of it, keeps it as well.
CREATE TRIGGER audit_event_auditor AFTER INSERT ON audit_event
FOR EACH ROW WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION audit_event_of_auditor();

CREATE FUNCTION auditor_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'auditor_event is append-only';
END $$;

CREATE TRIGGER auditor_event_no_update BEFORE UPDATE ON auditor_event
FOR EACH ROW EXECUTE FUNCTION auditor_event_append_only();

CREATE TRIGGER auditor_event_no_delete BEFORE DELETE OR TRUNCATE ON auditor_event
FOR EACH STATEMENT EXECUTE FUNCTION auditor_event_append_only();

-- 校验: the present one, or the last. It is in the log as well once it ended.
CREATE TABLE audit_check (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    -- Of this run: one that was given up writes nothing more.
    run UUID NOT NULL,
    person_name TEXT NOT NULL,
    -- When it was last heard of; it is over when that is long ago.
    beat_at BIGINT NOT NULL,
    -- Events that fit so far, and how many there were at its start.
    seen BIGINT NOT NULL,
    whole BIGINT NOT NULL,
    ended_at BIGINT,
    last_hash BYTEA,
    broken_seq BIGINT
);
