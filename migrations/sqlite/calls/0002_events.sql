-- Events are in the file of the log: they commit without the fsync that grants are worth.
-- What happened on the way to a connection: one row for each step of each attempt.
CREATE TABLE events (
    id             TEXT PRIMARY KEY,
    at             BIGINT NOT NULL,
    kind           TEXT NOT NULL,
    cause          TEXT,
    integration_id TEXT,
    client_id      TEXT,
    user_id        TEXT,
    grant_id       TEXT,
    -- What the steps of one authorization have in common.
    attempt        TEXT,
    request_id     TEXT NOT NULL,
    address        TEXT NOT NULL,
    user_agent     TEXT NOT NULL,
    detail         TEXT,
    -- How often it happened since the row before: what anyone can send is not stored one by one.
    count          BIGINT NOT NULL
);
CREATE INDEX events_by_integration ON events (integration_id, id);
CREATE INDEX events_by_attempt ON events (attempt);
CREATE INDEX events_by_grant ON events (grant_id);
CREATE INDEX events_by_time ON events (at);
