-- What is told outside of the product: written with the change, sent afterwards.

-- Where a person reads e-mail; null where nobody is written to.
ALTER TABLE person ADD COLUMN email TEXT;

CREATE TABLE outbox (
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The message's id for whoever takes it: the same at every attempt.
    id UUID NOT NULL CONSTRAINT outbox_id_key UNIQUE,
    carrier TEXT NOT NULL CHECK (carrier IN ('webhook', 'email')),
    -- To whom; null where it goes to a group.
    person_id UUID REFERENCES person (id),
    address TEXT,
    -- JSON, as it was worded when it happened: a name that is changed later changes nothing here.
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    -- Who is sending it, and until when nobody else may.
    lease_holder UUID,
    lease_until BIGINT,
    -- Why it did not go, in a sentence; no secrets.
    last_error TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);

CREATE INDEX outbox_next_at_idx ON outbox (carrier, next_at, key) WHERE state = 'waiting';
CREATE INDEX outbox_dead_idx ON outbox (key) WHERE state = 'dead';
CREATE INDEX outbox_sent_at_idx ON outbox (sent_at) WHERE state = 'sent';
