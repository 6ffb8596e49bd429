-- Refusals that somebody has seen and wants out of their way: of each kind, those up to a moment.
CREATE TABLE dismissed_refusals (
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    kind           TEXT NOT NULL,
    until          BIGINT NOT NULL,
    dismissed_by   TEXT REFERENCES users (id) ON DELETE SET NULL,
    dismissed_at   BIGINT NOT NULL,
    PRIMARY KEY (integration_id, kind)
);
-- The newest refusals of each cause, and the newest steps of each kind that went well: however many there
-- are of others.
CREATE INDEX events_refused ON events (integration_id, cause, id) WHERE cause IS NOT NULL;
CREATE INDEX events_passed ON events (integration_id, kind, id) WHERE cause IS NULL;
