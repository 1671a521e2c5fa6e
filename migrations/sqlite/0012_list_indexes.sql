-- What most filters of a list ask for stands in its indexes: rows, several pages each, are read only where they are shown.
-- PostgreSQL keeps what is asked for in its rows' first page.
DROP INDEX publication_side_key_idx;
DROP INDEX publication_side_state_idx;
CREATE INDEX publication_side_key_idx ON publication (side, key, state, system_id, channels, updated_at);
CREATE INDEX publication_side_state_idx ON publication (side, state, key, system_id, channels, updated_at);

-- What a reviewer has decided, newest first, without looking through all orders.
ALTER TABLE work_order_decision ADD COLUMN order_key INTEGER NOT NULL DEFAULT 0;
UPDATE work_order_decision SET order_key = (SELECT o.key FROM work_order AS o WHERE o.id = work_order_decision.order_id);
DROP INDEX work_order_decision_person_id_idx;
CREATE INDEX work_order_decision_person_id_idx ON work_order_decision (person_id, order_key);
