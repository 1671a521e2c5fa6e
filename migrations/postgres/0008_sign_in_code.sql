-- 扫码登录: a code that a desk shows and a phone confirms. One use, two minutes.

CREATE TABLE sign_in_code (
    -- SHA-256 of the code, which only the picture has.
    code_hash BYTEA PRIMARY KEY,
    -- SHA-256 of the secret of the browser that asked: the code signs in nobody else.
    browser_hash BYTEA NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    -- Who confirmed or refused it on the phone.
    person_id UUID REFERENCES person (id),
    confirmed BOOLEAN
);

CREATE INDEX sign_in_code_address_idx ON sign_in_code (address, asked_at);
