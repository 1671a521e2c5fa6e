-- Counts on tabs by person: whoever administers a thousand application systems must not add up their counts at every look.
CREATE TABLE person_publication_count (
    person_id BLOB NOT NULL REFERENCES person (id),
    side TEXT NOT NULL,
    state TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (person_id, side, state)
) STRICT, WITHOUT ROWID;

INSERT INTO person_publication_count (person_id, side, state, n)
SELECT a.person_id, c.side, c.state, SUM(c.n) FROM publication_count AS c
JOIN application_system_administrator AS a ON a.system_id = c.system_id
GROUP BY a.person_id, c.side, c.state;

CREATE TRIGGER publication_count_inserted AFTER INSERT ON publication_count BEGIN
    INSERT INTO person_publication_count (person_id, side, state, n)
    SELECT a.person_id, NEW.side, NEW.state, NEW.n FROM application_system_administrator AS a
    WHERE a.system_id = NEW.system_id
    ON CONFLICT (person_id, side, state) DO UPDATE SET n = n + excluded.n;
END;

CREATE TRIGGER publication_count_updated AFTER UPDATE OF n ON publication_count BEGIN
    INSERT INTO person_publication_count (person_id, side, state, n)
    SELECT a.person_id, NEW.side, NEW.state, NEW.n - OLD.n FROM application_system_administrator AS a
    WHERE a.system_id = NEW.system_id
    ON CONFLICT (person_id, side, state) DO UPDATE SET n = n + excluded.n;
END;

CREATE TRIGGER application_system_administrator_inserted AFTER INSERT ON application_system_administrator BEGIN
    INSERT INTO person_publication_count (person_id, side, state, n)
    SELECT NEW.person_id, c.side, c.state, c.n FROM publication_count AS c WHERE c.system_id = NEW.system_id
    ON CONFLICT (person_id, side, state) DO UPDATE SET n = n + excluded.n;
END;

CREATE TRIGGER application_system_administrator_deleted AFTER DELETE ON application_system_administrator BEGIN
    INSERT INTO person_publication_count (person_id, side, state, n)
    SELECT OLD.person_id, c.side, c.state, -c.n FROM publication_count AS c WHERE c.system_id = OLD.system_id
    ON CONFLICT (person_id, side, state) DO UPDATE SET n = n + excluded.n;
END;
