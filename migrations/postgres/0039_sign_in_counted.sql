-- In the order in which a sign-in by code takes them, and without person (0037): no process that works meanwhile waits for this in a circle.
LOCK TABLE sign_in_code IN ACCESS EXCLUSIVE MODE;
LOCK TABLE sign_in_failure IN SHARE MODE;

-- Codes of one customer are counted together: of IPv6 the first 64 bits of the address. What an old process writes is not counted, for the
-- minutes that a code lives.
ALTER TABLE sign_in_code ADD COLUMN counted_from TEXT NOT NULL DEFAULT '';

CREATE INDEX sign_in_code_counted_from_idx ON sign_in_code (counted_from, asked_at);

-- Failures that count for nothing any more are swept.
CREATE INDEX sign_in_failure_last_at_idx ON sign_in_failure (last_at);
