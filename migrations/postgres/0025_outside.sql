-- The outside world (identity.md, Sign-in, Work notifications): notices by 浙政钉, and their withdrawal; sign-ins that are on their way
-- elsewhere and back.

-- Another carrier.
ALTER TABLE outbox DROP CONSTRAINT outbox_carrier_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_carrier_check CHECK (carrier IN ('webhook', 'email', 'dingtalk'));
-- The order and step that somebody is asked to decide: what asks is withdrawn when that is over. 浙政钉 alone can.
ALTER TABLE outbox ADD COLUMN order_id UUID REFERENCES work_order (id);
ALTER TABLE outbox ADD COLUMN step BIGINT;
-- It withdraws the message with this id.
ALTER TABLE outbox ADD COLUMN revokes UUID;

CREATE INDEX outbox_order_id_idx ON outbox (order_id) WHERE order_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_revokes_key ON outbox (revokes) WHERE revokes IS NOT NULL;

-- A browser that was sent elsewhere to sign in. One use, ten minutes.
CREATE TABLE sign_in_trip (
    -- SHA-256 of the state, which travels through the other side.
    state_hash BYTEA PRIMARY KEY,
    -- SHA-256 of the secret of the browser that was sent: whoever else comes back with the state is not let in.
    browser_hash BYTEA NOT NULL,
    address TEXT NOT NULL,
    -- The page of ours to go on to.
    next TEXT NOT NULL,
    left_at BIGINT NOT NULL
);

CREATE INDEX sign_in_trip_address_idx ON sign_in_trip (address, left_at);
