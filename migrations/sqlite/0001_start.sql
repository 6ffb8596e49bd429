CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT
);

-- One row once the instance is claimed: its primary key is what makes the claim a race with one winner.
CREATE TABLE instance (
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    owner_id   TEXT NOT NULL REFERENCES users (id),
    claimed_at BIGINT NOT NULL
);

CREATE TABLE projects (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    created_by    TEXT NOT NULL REFERENCES users (id),
    created_at    BIGINT NOT NULL,
    UNIQUE (created_by, name)
);

CREATE TABLE members (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES users (id),
    role       TEXT NOT NULL,
    joined_at  BIGINT NOT NULL,
    PRIMARY KEY (project_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id);

CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    project_id   TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id      TEXT NOT NULL REFERENCES users (id),
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    prefix       TEXT NOT NULL,
    hash         BLOB NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
CREATE INDEX api_keys_by_project ON api_keys (project_id);

CREATE TABLE tools (
    id                     TEXT PRIMARY KEY,
    project_id             TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name                   TEXT NOT NULL,
    title                  TEXT NOT NULL,
    description            TEXT NOT NULL,
    input_schema           TEXT NOT NULL,
    output_schema          TEXT,
    base_url               TEXT NOT NULL,
    http_method            TEXT NOT NULL,
    endpoint_path          TEXT NOT NULL,
    headers_template       TEXT NOT NULL,
    query_template         TEXT NOT NULL,
    body_template          TEXT,
    auth_strategy          TEXT NOT NULL,
    auth_secret            BLOB,
    require_member         BOOLEAN NOT NULL,
    inject_member_identity BOOLEAN NOT NULL,
    annotations            TEXT NOT NULL,
    timeout_ms             BIGINT NOT NULL,
    max_response_bytes     BIGINT NOT NULL,
    is_enabled             BOOLEAN NOT NULL,
    created_at             BIGINT NOT NULL,
    updated_at             BIGINT NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE integrations (
    id            TEXT PRIMARY KEY,
    project_id    TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name          TEXT NOT NULL,
    slug          TEXT NOT NULL UNIQUE,
    client_id     TEXT NOT NULL UNIQUE,
    client_kind   TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    approval      TEXT NOT NULL,
    is_active     BOOLEAN NOT NULL,
    created_by    TEXT NOT NULL REFERENCES users (id),
    created_at    BIGINT NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE integration_secrets (
    id             TEXT PRIMARY KEY,
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    prefix         TEXT NOT NULL,
    hash           BLOB NOT NULL UNIQUE,
    created_by     TEXT REFERENCES users (id),
    created_at     BIGINT NOT NULL,
    ends_at        BIGINT,
    last_used_at   BIGINT
);
CREATE INDEX integration_secrets_by_integration ON integration_secrets (integration_id);

CREATE TABLE grants (
    id             TEXT PRIMARY KEY,
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    client_id      TEXT NOT NULL,
    -- NULL: the integration itself is the subject (approval = automatic).
    user_id        TEXT REFERENCES users (id),
    audience       TEXT NOT NULL,
    scopes         TEXT NOT NULL,
    tool_rule      TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    last_used_at   BIGINT,
    ended_at       BIGINT,
    end_reason     TEXT
);
CREATE INDEX grants_by_integration ON grants (integration_id);
CREATE INDEX grants_by_user ON grants (user_id);

CREATE TABLE authorization_codes (
    hash           BLOB PRIMARY KEY,
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    client_id      TEXT NOT NULL,
    user_id        TEXT REFERENCES users (id),
    redirect_uri   TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    resource       TEXT,
    scopes         TEXT NOT NULL,
    tool_rule      TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    -- Set by the exchange: the code is spent, and this is what it became.
    grant_id       TEXT REFERENCES grants (id)
);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

CREATE TABLE refresh_tokens (
    hash       BLOB PRIMARY KEY,
    grant_id   TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);

CREATE TABLE signing_keys (
    kid         TEXT PRIMARY KEY,
    private_key BLOB NOT NULL,
    public_jwk  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    retired_at  BIGINT
);

-- Every change of authority, in the transaction that made it: what other processes follow.
CREATE TABLE changes (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    at      BIGINT NOT NULL
);
