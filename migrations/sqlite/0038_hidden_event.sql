-- 校验: the first event that is kept from auditors though no auditor did it.
ALTER TABLE audit_check ADD COLUMN hidden_seq INTEGER;
