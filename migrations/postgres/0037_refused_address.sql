-- Who is counted is a person, or, of who is not signed in, an address (identity.md, Audit): person_id is then the address itself in 128
-- bits, one of IPv4 mapped to IPv6, of IPv6 the first 64. A person's id has a variant, where such an address has zeros. An old process
-- names the same columns, and tells of people's windows alone.
ALTER TABLE refusal_count DROP CONSTRAINT refusal_count_person_id_fkey;
