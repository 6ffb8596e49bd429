-- The list of tools that a connection fetched last.
ALTER TABLE grants ADD COLUMN list_fingerprint TEXT;
ALTER TABLE grants ADD COLUMN list_tools BIGINT;
ALTER TABLE grants ADD COLUMN listed_at BIGINT;

-- MCP icons, a JSON list.
ALTER TABLE tools ADD COLUMN icons TEXT NOT NULL DEFAULT '[]';
-- Calls that may run at once in one process; NULL: any number.
ALTER TABLE tools ADD COLUMN max_concurrency BIGINT;

-- Calls that a client made under a key of its own, so that each happens once at most.
CREATE TABLE idempotency_keys (
    grant_id       TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    tool_id        TEXT NOT NULL,
    key_hash       BYTEA NOT NULL,
    arguments_hash BYTEA NOT NULL,
    -- Under the master key; NULL while the call runs, or where the process ended in the middle of it.
    result         BYTEA,
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (grant_id, tool_id, key_hash)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- Tells the other replicas of a change of authority as it commits.
CREATE FUNCTION tengine_notify_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tengine_changes', NEW.kind || ' ' || NEW.subject);
    RETURN NULL;
END
$$;
CREATE TRIGGER changes_notify AFTER INSERT ON changes
    FOR EACH ROW EXECUTE FUNCTION tengine_notify_change();
