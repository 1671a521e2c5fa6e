-- Who is counted is a person, or, of who is not signed in, an address (identity.md, Audit): person_id is then the address itself in 128
-- bits, one of IPv4 mapped to IPv6, of IPv6 the first 64; all ones are all who are not signed in. A person's id has a variant, where an
-- address has zeros. An old process names the same columns, and tells of people's windows alone.
ALTER TABLE refusal_count DROP CONSTRAINT refusal_count_person_id_fkey;

-- Codes of one customer are counted together: of IPv6 the first 64 bits of the address. What an old process writes is not counted, for the
-- minutes that a code lives.
ALTER TABLE sign_in_code ADD COLUMN counted_from TEXT NOT NULL DEFAULT '';

CREATE INDEX sign_in_code_counted_from_idx ON sign_in_code (counted_from, asked_at);

-- Failures that count for nothing any more are swept.
CREATE INDEX sign_in_failure_last_at_idx ON sign_in_failure (last_at);
