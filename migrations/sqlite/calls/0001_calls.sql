-- The call log, in a file of its own: it commits without the fsync that grants and secrets are worth.
-- Names are kept beside the ids, so that a row still reads well after its tool is gone.
CREATE TABLE calls (
    id             TEXT PRIMARY KEY,
    project_id     TEXT NOT NULL,
    tool_id        TEXT NOT NULL,
    tool_name      TEXT NOT NULL,
    integration_id TEXT,
    grant_id       TEXT,
    user_id        TEXT,
    api_key_id     TEXT,
    via            TEXT NOT NULL,
    request_id     TEXT NOT NULL,
    started_at     BIGINT NOT NULL,
    validate_us    BIGINT NOT NULL,
    render_us      BIGINT NOT NULL,
    wait_us        BIGINT NOT NULL,
    read_us        BIGINT NOT NULL,
    total_us       BIGINT NOT NULL,
    outcome        TEXT NOT NULL,
    http_status    BIGINT,
    response_bytes BIGINT NOT NULL,
    error          TEXT
);
CREATE INDEX calls_by_project ON calls (project_id, id);
