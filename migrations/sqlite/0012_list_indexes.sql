-- What most filters of a list ask for stands in its indexes: rows, several pages each, are read only where they are shown.
-- PostgreSQL keeps what is asked for in its rows' first page.
DROP INDEX publication_side_key_idx;
DROP INDEX publication_side_state_idx;
CREATE INDEX publication_side_key_idx ON publication (side, key, state, system_id, channels, updated_at);
CREATE INDEX publication_side_state_idx ON publication (side, state, key, system_id, channels, updated_at);
