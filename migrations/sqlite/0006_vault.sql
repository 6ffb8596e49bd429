-- A project's named secrets. origins: a JSON list of where one may be sent; client: a JSON object
-- where it is the secret of an OAuth 2 client; auth_strategy and auth_config: how any other is sent;
-- sealed: NULL for a client that has none.
CREATE TABLE vault_secrets (
    id            TEXT PRIMARY KEY,
    project_id    TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    origins       TEXT NOT NULL,
    client        TEXT,
    auth_strategy TEXT NOT NULL,
    auth_config   TEXT NOT NULL,
    sealed        BLOB,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    updated_by    TEXT REFERENCES users (id) ON DELETE SET NULL,
    UNIQUE (project_id, name)
);

ALTER TABLE tools ADD COLUMN vault_secret_id TEXT REFERENCES vault_secrets (id);
CREATE INDEX tools_of_vault_secret ON tools (vault_secret_id);
