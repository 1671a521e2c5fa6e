-- The outside world (identity.md, Sign-in, Work notifications): notices by 浙政钉, and their withdrawal; sign-ins that are on their way
-- elsewhere and back.

-- Another carrier: a CHECK is changed by making the table anew.
CREATE TABLE outbox_anew (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The message's id for whoever takes it: the same at every attempt.
    id BLOB NOT NULL CONSTRAINT outbox_id_key UNIQUE,
    carrier TEXT NOT NULL CHECK (carrier IN ('webhook', 'email', 'dingtalk')),
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
    sent_at INTEGER,
    -- The order and step that somebody is asked to decide: what asks is withdrawn when that is over. 浙政钉 alone can.
    order_id BLOB REFERENCES work_order (id),
    step INTEGER,
    -- It withdraws the message with this id.
    revokes BLOB
) STRICT;

INSERT INTO outbox_anew (key, id, carrier, person_id, address, body, state, attempts, next_at, lease_holder, lease_until,
    last_error, created_at, sent_at)
SELECT key, id, carrier, person_id, address, body, state, attempts, next_at, lease_holder, lease_until, last_error, created_at, sent_at
FROM outbox;

DROP TABLE outbox;
ALTER TABLE outbox_anew RENAME TO outbox;

CREATE INDEX outbox_next_at_idx ON outbox (carrier, next_at, key) WHERE state = 'waiting';
CREATE INDEX outbox_dead_idx ON outbox (key) WHERE state = 'dead';
CREATE INDEX outbox_sent_at_idx ON outbox (sent_at) WHERE state = 'sent';
CREATE INDEX outbox_order_id_idx ON outbox (order_id) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_revokes_key ON outbox (revokes) WHERE revokes IS NOT NULL;

-- A browser that was sent elsewhere to sign in. One use, ten minutes.
CREATE TABLE sign_in_trip (
    -- SHA-256 of the state, which travels through the other side.
    state_hash BLOB PRIMARY KEY,
    -- SHA-256 of the secret of the browser that was sent: whoever else comes back with the state is not let in.
    browser_hash BLOB NOT NULL,
    address TEXT NOT NULL,
    -- The page of ours to go on to.
    next TEXT NOT NULL,
    left_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_trip_address_idx ON sign_in_trip (address, left_at);
