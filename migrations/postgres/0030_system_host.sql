-- External hosts that the system administrator decides on, for all applications at once.
CREATE TABLE system_host (
    -- Lower case, punycode; `*.` before it: everything below it.
    host TEXT PRIMARY KEY,
    -- Every application may ask it; or none may, whatever a version declares.
    allowed BOOLEAN NOT NULL,
    -- What for, or why not.
    purpose TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
