-- Who may connect besides the integration's own client, and which of the project's tools it offers.
ALTER TABLE integrations ADD COLUMN self_registered BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE integrations ADD COLUMN client_credentials BOOLEAN NOT NULL DEFAULT FALSE;
-- JSON list of tool ids; NULL: every tool, those that are added later included.
ALTER TABLE integrations ADD COLUMN tool_ids TEXT;

-- When a tool became read-only: a connection that may only read has those that were so at consent.
ALTER TABLE tools ADD COLUMN read_only_since BIGINT;
UPDATE tools SET read_only_since = created_at WHERE annotations LIKE '%"readOnlyHint":true%';

-- Clients that registered themselves (RFC 7591) or that a metadata document describes.
CREATE TABLE clients (
    client_id     TEXT PRIMARY KEY,
    registration  TEXT NOT NULL,
    name          TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    -- A metadata document: how long this copy of it holds.
    fresh_until   BIGINT,
    -- NULL: nobody ever approved it.
    last_used_at  BIGINT
);
CREATE INDEX clients_by_use ON clients (last_used_at, created_at);

ALTER TABLE grants ADD COLUMN approved_by TEXT NOT NULL DEFAULT 'person';
UPDATE grants SET approved_by = 'automatic' WHERE user_id IS NULL;
ALTER TABLE grants ADD COLUMN client_name TEXT NOT NULL DEFAULT 'A client';
ALTER TABLE grants ADD COLUMN registration TEXT NOT NULL DEFAULT 'integration';
ALTER TABLE grants ADD COLUMN redirect_uri TEXT;
ALTER TABLE grants ADD COLUMN attempt TEXT;
ALTER TABLE grants ADD COLUMN consented_at BIGINT NOT NULL DEFAULT 0;
UPDATE grants SET consented_at = created_at;
-- When its last token ends; NULL: not known.
ALTER TABLE grants ADD COLUMN expires_at BIGINT;
-- One standing grant per integration stands behind client_credentials.
CREATE UNIQUE INDEX grants_standing ON grants (integration_id)
    WHERE approved_by = 'client_credentials' AND ended_at IS NULL;
CREATE INDEX grants_by_client ON grants (client_id);

ALTER TABLE authorization_codes ADD COLUMN client_name TEXT NOT NULL DEFAULT 'A client';
ALTER TABLE authorization_codes ADD COLUMN registration TEXT NOT NULL DEFAULT 'integration';
ALTER TABLE authorization_codes ADD COLUMN consented_at BIGINT NOT NULL DEFAULT 0;

-- What a person need not be asked again.
CREATE TABLE consents (
    user_id        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    integration_id TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
    client_id      TEXT NOT NULL,
    redirect_uri   TEXT NOT NULL,
    scopes         TEXT NOT NULL,
    tool_rule      TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (user_id, integration_id, client_id, redirect_uri)
);

-- The state machine of grants/refresh.rs.
ALTER TABLE refresh_tokens ADD COLUMN parent BLOB;
ALTER TABLE refresh_tokens ADD COLUMN successor_used_at BIGINT;
-- Another successor of the same token was used: this one is dead.
ALTER TABLE refresh_tokens ADD COLUMN dead_at BIGINT;
-- The token itself under the master key, for the seconds in which it may be given out again.
ALTER TABLE refresh_tokens ADD COLUMN sealed BLOB;
CREATE INDEX refresh_tokens_by_parent ON refresh_tokens (parent);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- The longest life, in seconds, of an access token that was signed with the key.
ALTER TABLE signing_keys ADD COLUMN token_seconds BIGINT NOT NULL DEFAULT 3600;
