-- Who decides which steps. A step's region is a region's code, or a group of people named together; so a seat's is, too.
-- `seat` is kept by what is below alone: the roles of reviewers and operators, and the groups of those who have such a role.

-- Who changes roles waits for this row first: nobody does while this runs, and neither waits for the other.
SELECT created_at FROM installation FOR UPDATE;

-- The group's people, fixed. Its name is made of them.
CREATE TABLE seat_group (
    region TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('reviewer', 'operator')),
    person_id UUID NOT NULL REFERENCES person (id),
    PRIMARY KEY (region, role, person_id)
);

CREATE INDEX seat_group_person_id_idx ON seat_group (person_id, role);

CREATE TABLE seat (
    person_id UUID NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('reviewer', 'operator')),
    region TEXT NOT NULL,
    PRIMARY KEY (person_id, role, region)
);

CREATE INDEX seat_role_idx ON seat (role, region);

LOCK TABLE person_role IN SHARE ROW EXCLUSIVE MODE;

INSERT INTO seat (person_id, role, region)
SELECT person_id, role, region FROM person_role WHERE role IN ('reviewer', 'operator');

CREATE FUNCTION person_role_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The person's row is locked by person_role_separated (0001): who takes a role or makes a group waits for it, too.
    INSERT INTO seat (person_id, role, region) VALUES (NEW.person_id, NEW.role, NEW.region);
    INSERT INTO seat (person_id, role, region)
    SELECT g.person_id, g.role, g.region FROM seat_group AS g
    WHERE g.person_id = NEW.person_id AND g.role = NEW.role
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE TRIGGER person_role_given AFTER INSERT ON person_role
FOR EACH ROW WHEN (NEW.role IN ('reviewer', 'operator')) EXECUTE FUNCTION person_role_given();

CREATE FUNCTION person_role_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- As a role that is given, and a group that is made.
    PERFORM 1 FROM person WHERE id = OLD.person_id FOR NO KEY UPDATE;
    DELETE FROM seat WHERE person_id = OLD.person_id AND role = OLD.role AND (region = OLD.region
        OR NOT EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = OLD.person_id AND r.role = OLD.role));
    RETURN NULL;
END $$;

CREATE TRIGGER person_role_taken AFTER DELETE ON person_role
FOR EACH ROW WHEN (OLD.role IN ('reviewer', 'operator')) EXECUTE FUNCTION person_role_taken();

CREATE FUNCTION seat_group_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    INSERT INTO seat (person_id, role, region)
    SELECT NEW.person_id, NEW.role, NEW.region
    WHERE EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = NEW.person_id AND r.role = NEW.role);
    RETURN NULL;
END $$;

CREATE TRIGGER seat_group_made AFTER INSERT ON seat_group
FOR EACH ROW EXECUTE FUNCTION seat_group_made();

-- Of a group: its people as JSON of domain::routing::Named.
ALTER TABLE work_order_step ADD COLUMN named TEXT;
