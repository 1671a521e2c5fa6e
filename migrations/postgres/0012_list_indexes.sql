-- What a reviewer has decided, newest first, without looking through all orders. (SQLite's lists filter in their indexes, too.)
ALTER TABLE work_order_decision ADD COLUMN order_key BIGINT NOT NULL DEFAULT 0;
UPDATE work_order_decision SET order_key = (SELECT o.key FROM work_order AS o WHERE o.id = work_order_decision.order_id);
DROP INDEX work_order_decision_person_id_idx;
CREATE INDEX work_order_decision_person_id_idx ON work_order_decision (person_id, order_key);
