-- Counts on tabs by person: whoever administers a thousand application systems must not add up their counts at every look.
CREATE TABLE person_publication_count (
    person_id UUID NOT NULL REFERENCES person (id),
    side TEXT NOT NULL,
    state TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (person_id, side, state)
);

-- Until the triggers are there nobody else changes what is added up.
LOCK TABLE publication_count, application_system_administrator IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO person_publication_count (person_id, side, state, n)
SELECT a.person_id, c.side, c.state, SUM(c.n) FROM publication_count AS c
JOIN application_system_administrator AS a ON a.system_id = c.system_id
GROUP BY a.person_id, c.side, c.state;

CREATE FUNCTION count_for_persons() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    -- A change of a system's administrators waits for changes of its counts, and the other way round: each sees the other.
    PERFORM pg_advisory_xact_lock_shared(hashtext('publication_count'), hashtext(NEW.system_id::TEXT));
    INSERT INTO person_publication_count AS kept (person_id, side, state, n)
    SELECT a.person_id, NEW.side, NEW.state, NEW.n - CASE WHEN TG_OP = 'UPDATE' THEN OLD.n ELSE 0 END
    FROM application_system_administrator AS a WHERE a.system_id = NEW.system_id ORDER BY a.person_id
    ON CONFLICT (person_id, side, state) DO UPDATE SET n = kept.n + EXCLUDED.n;
    RETURN NULL;
END
$$;

CREATE TRIGGER publication_count_inserted AFTER INSERT ON publication_count
FOR EACH ROW EXECUTE FUNCTION count_for_persons();

CREATE TRIGGER publication_count_updated AFTER UPDATE OF n ON publication_count
FOR EACH ROW EXECUTE FUNCTION count_for_persons();

CREATE FUNCTION count_of_system() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    changed application_system_administrator := CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('publication_count'), hashtext(changed.system_id::TEXT));
    INSERT INTO person_publication_count AS kept (person_id, side, state, n)
    SELECT changed.person_id, c.side, c.state, CASE WHEN TG_OP = 'INSERT' THEN c.n ELSE -c.n END
    FROM publication_count AS c WHERE c.system_id = changed.system_id ORDER BY c.side, c.state
    ON CONFLICT (person_id, side, state) DO UPDATE SET n = kept.n + EXCLUDED.n;
    RETURN NULL;
END
$$;

CREATE TRIGGER application_system_administrator_inserted AFTER INSERT ON application_system_administrator
FOR EACH ROW EXECUTE FUNCTION count_of_system();

CREATE TRIGGER application_system_administrator_deleted AFTER DELETE ON application_system_administrator
FOR EACH ROW EXECUTE FUNCTION count_of_system();
