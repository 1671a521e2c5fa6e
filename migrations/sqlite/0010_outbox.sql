-- What is told outside of the product: written with the change, sent afterwards.

-- Where a person reads e-mail; null where nobody is written to.
ALTER TABLE person ADD COLUMN email TEXT;

CREATE TABLE outbox (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The message's id for whoever takes it: the same at every attempt.
    id BLOB NOT NULL CONSTRAINT outbox_id_key UNIQUE,
    carrier TEXT NOT NULL CHECK (carrier IN ('webhook', 'email')),
    -- To whom; null where it goes to a group.
    person_id BLOB REFERENCES person (id),
    address TEXT,
    -- JSON, as it was worded when it happened: a name that is changed later changes nothing here.
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    -- Who is sending it, and until when nobody else may.
    lease_holder BLOB,
    lease_until INTEGER,
    -- Why it did not go, in a sentence; no secrets.
    last_error TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER
) STRICT;

CREATE INDEX outbox_next_at_idx ON outbox (carrier, next_at, key) WHERE state = 'waiting';
CREATE INDEX outbox_dead_idx ON outbox (key) WHERE state = 'dead';
CREATE INDEX outbox_sent_at_idx ON outbox (sent_at) WHERE state = 'sent';
