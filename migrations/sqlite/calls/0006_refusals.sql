-- The newest refusals of each cause, and the newest steps of each kind that went well: however many there
-- are of others.
CREATE INDEX events_refused ON events (integration_id, cause, id) WHERE cause IS NOT NULL;
CREATE INDEX events_passed ON events (integration_id, kind, id) WHERE cause IS NULL;
