-- 账号 is listed: an integer key in order of creation.
ALTER TABLE person ADD COLUMN key INTEGER NOT NULL DEFAULT 0;
UPDATE person SET key = (SELECT COUNT(*) FROM person AS other
    WHERE other.created_at < person.created_at OR (other.created_at = person.created_at AND other.id <= person.id));
CREATE UNIQUE INDEX person_key_key ON person (key);
