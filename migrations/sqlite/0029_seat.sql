-- Who decides which steps. A step's region is a region's code, or a group of people named together; so a seat's is, too.
-- `seat` is kept by what is below alone: the roles of reviewers and operators, and the groups of those who have such a role.

-- The group's people, fixed. Its name is made of them.
CREATE TABLE seat_group (
    region TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('reviewer', 'operator')),
    person_id BLOB NOT NULL REFERENCES person (id),
    PRIMARY KEY (region, role, person_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX seat_group_person_id_idx ON seat_group (person_id, role);

CREATE TABLE seat (
    person_id BLOB NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('reviewer', 'operator')),
    region TEXT NOT NULL,
    PRIMARY KEY (person_id, role, region)
) STRICT, WITHOUT ROWID;

CREATE INDEX seat_role_idx ON seat (role, region);

INSERT INTO seat (person_id, role, region)
SELECT person_id, role, region FROM person_role WHERE role IN ('reviewer', 'operator');

CREATE TRIGGER person_role_given AFTER INSERT ON person_role WHEN NEW.role IN ('reviewer', 'operator')
BEGIN
    INSERT INTO seat (person_id, role, region) VALUES (NEW.person_id, NEW.role, NEW.region);
    INSERT INTO seat (person_id, role, region)
    SELECT g.person_id, g.role, g.region FROM seat_group AS g
    WHERE g.person_id = NEW.person_id AND g.role = NEW.role AND NOT EXISTS (SELECT 1 FROM seat AS s
        WHERE s.person_id = g.person_id AND s.role = g.role AND s.region = g.region);
END;

CREATE TRIGGER person_role_taken AFTER DELETE ON person_role WHEN OLD.role IN ('reviewer', 'operator')
BEGIN
    DELETE FROM seat WHERE person_id = OLD.person_id AND role = OLD.role AND (region = OLD.region
        OR NOT EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = OLD.person_id AND r.role = OLD.role));
END;

CREATE TRIGGER seat_group_made AFTER INSERT ON seat_group
WHEN EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = NEW.person_id AND r.role = NEW.role)
BEGIN
    INSERT INTO seat (person_id, role, region) VALUES (NEW.person_id, NEW.role, NEW.region);
END;

-- Of a group: its people as JSON of domain::routing::Named.
ALTER TABLE work_order_step ADD COLUMN named TEXT;
