-- 运行时外链: external hosts that browsers refused to load for an application, counted.
CREATE TABLE refused_host (
    publication_id UUID NOT NULL REFERENCES publication (id),
    host TEXT NOT NULL,
    n BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (publication_id, host)
);
