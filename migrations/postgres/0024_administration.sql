-- What the administrators of a real site keep: people's ids in 浙政钉, routes, the sign-in policy (identity.md).

-- accountId of 浙政钉: whom notifications go to, and what a person who signs in there is known by.
ALTER TABLE person ADD COLUMN dingtalk_id BIGINT;
CREATE UNIQUE INDEX person_dingtalk_id_key ON person (dingtalk_id);

-- 路由: each change is a set of its own. Orders keep the steps that they were filed with.
CREATE TABLE routing (
    -- From 1; 0 is the spec's.
    number BIGINT PRIMARY KEY,
    -- JSON of domain::routing::Routing.
    rules TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    made_at BIGINT NOT NULL
);

-- Which set an order was filed with; null: before sets were kept.
ALTER TABLE work_order ADD COLUMN routing_number BIGINT;

-- 登录策略: each change is a row of its own, too.
CREATE TABLE sign_in_policy (
    -- From 1; 0 is the default.
    number BIGINT PRIMARY KEY,
    -- JSON of domain::password::Policy.
    policy TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    made_at BIGINT NOT NULL
);
