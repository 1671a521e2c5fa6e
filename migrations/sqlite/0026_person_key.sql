-- 账号 is listed: an integer key in order of creation. Not unique: processes from before this migration write 0.
ALTER TABLE person ADD COLUMN key INTEGER NOT NULL DEFAULT 0;
UPDATE person SET key = numbered.n
FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY created_at, id) AS n FROM person) AS numbered
WHERE numbered.id = person.id;
CREATE INDEX person_key_idx ON person (key);
