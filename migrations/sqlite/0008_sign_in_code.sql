-- 扫码登录: a code that a desk shows and a phone confirms. One use, two minutes.

CREATE TABLE sign_in_code (
    -- SHA-256 of the code, which only the picture has.
    code_hash BLOB PRIMARY KEY,
    -- SHA-256 of the secret of the browser that asked: the code signs in nobody else.
    browser_hash BLOB NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    -- Who confirmed or refused it on the phone.
    person_id BLOB REFERENCES person (id),
    confirmed INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX sign_in_code_address_idx ON sign_in_code (address, asked_at);
