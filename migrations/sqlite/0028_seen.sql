-- When a person last signed in. Whoever could do so before this migration is taken to have been there then.
ALTER TABLE person ADD COLUMN seen_at INTEGER;
UPDATE person SET seen_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000 WHERE password_hash IS NOT NULL;
