-- When a person last signed in. Whoever could do so before this migration is taken to have been there then.
ALTER TABLE person ADD COLUMN seen_at BIGINT;
UPDATE person SET seen_at = CAST(EXTRACT(EPOCH FROM CLOCK_TIMESTAMP()) * 1000 AS BIGINT) WHERE password_hash IS NOT NULL;
