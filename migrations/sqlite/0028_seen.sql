-- When a person last signed in. Whoever could do so before this migration is taken to have been there then.
ALTER TABLE person ADD COLUMN seen_at INTEGER;
UPDATE person SET seen_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000
WHERE password_hash IS NOT NULL OR dingtalk_id IS NOT NULL OR id IN (SELECT person_id FROM oidc_identity);

-- 部门 counts them.
CREATE INDEX person_department_id_idx ON person (department_id);
CREATE INDEX application_system_department_id_idx ON application_system (department_id);
