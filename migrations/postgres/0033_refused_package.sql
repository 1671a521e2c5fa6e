-- Packages that are none (packages.md, Bad input): one sentence, and nothing is kept. A version names such a one by its hash all the same.
CREATE TABLE refused_package (
    -- SHA-256 of the zip.
    package TEXT PRIMARY KEY,
    -- Why.
    sentence TEXT NOT NULL,
    refused_at BIGINT NOT NULL
);
