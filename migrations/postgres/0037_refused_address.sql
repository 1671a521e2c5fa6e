-- Who is counted is a person, or, of who is not signed in, an address (identity.md, Audit): person_id is then the address itself in 128
-- bits, one of IPv4 mapped to IPv6, of IPv6 the first 64; all ones are all who are not signed in. A person's id has a variant, where an
-- address has zeros. An old process names the same columns, and tells of people's windows alone.

-- Whoever is refused takes refusal_count and then person (the key that goes), and so does this: no process that works meanwhile waits for
-- it in a circle. Nothing else is here: sign-ins take person and sign_in_failure in either order.
LOCK TABLE refusal_count, person IN ACCESS EXCLUSIVE MODE;

ALTER TABLE refusal_count DROP CONSTRAINT refusal_count_person_id_fkey;
