-- The accounts that people connected at other servers, for tools that act on their behalf. sealed:
-- the tokens; renewing_until: until when one process renews them; ended_because: why they work no
-- more, NULL while they do.
CREATE TABLE upstream_connections (
    vault_secret_id TEXT NOT NULL REFERENCES vault_secrets (id) ON DELETE CASCADE,
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sealed          BYTEA NOT NULL,
    expires_at      BIGINT,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    renewing_until  BIGINT NOT NULL,
    ended_because   TEXT,
    PRIMARY KEY (vault_secret_id, user_id)
);
CREATE INDEX upstream_connections_of_user ON upstream_connections (user_id);
