-- 收件箱: how many are unread is asked on every page.

CREATE INDEX notice_person_id_unread_idx ON notice (person_id, key) WHERE read_at IS NULL;
