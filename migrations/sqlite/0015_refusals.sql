-- Refusals that somebody has seen and wants out of their way: of each kind, those up to a moment.
CREATE TABLE dismissed_refusals (
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    kind           TEXT NOT NULL,
    until          BIGINT NOT NULL,
    dismissed_by   TEXT REFERENCES users (id) ON DELETE SET NULL,
    dismissed_at   BIGINT NOT NULL,
    PRIMARY KEY (integration_id, kind)
);
