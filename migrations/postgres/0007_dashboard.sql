-- 工单看板: what ended, and what went live, on a day. 全部工单: what is open, in order of filing.

CREATE INDEX work_order_since_idx ON work_order (since) WHERE status <> 'in_review';
CREATE INDEX live_version_at_idx ON live_version (at);
CREATE INDEX work_order_key_open_idx ON work_order (key) WHERE status = 'in_review';
