-- Each change of a tool makes a version: who, when and what. A tool from before has no rows until it
-- changes: then what it was is kept as its first one.
ALTER TABLE tools ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- When what people approve of it last changed.
ALTER TABLE tools ADD COLUMN described_at BIGINT NOT NULL DEFAULT 0;
UPDATE tools SET described_at = created_at;

-- definition: a tool's input as JSON, which never holds a secret.
CREATE TABLE tool_versions (
    tool_id        TEXT NOT NULL REFERENCES tools (id) ON DELETE CASCADE,
    number         BIGINT NOT NULL,
    made_at        BIGINT NOT NULL,
    made_by        TEXT REFERENCES users (id) ON DELETE SET NULL,
    api_key_id     TEXT,
    kind           TEXT NOT NULL,
    restored_from  BIGINT,
    secret_changed BOOLEAN NOT NULL,
    definition     TEXT NOT NULL,
    PRIMARY KEY (tool_id, number)
);
