-- An empty password_hash: the account has no password.
ALTER TABLE users ADD COLUMN is_instance_owner BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE users SET is_instance_owner = TRUE WHERE id IN (SELECT owner_id FROM instance);
ALTER TABLE users ADD COLUMN email_verified_at BIGINT;
ALTER TABLE users ADD COLUMN password_changed_at BIGINT;
-- What was a person is a pseudonym, kept for the rows that name it.
ALTER TABLE users ADD COLUMN deleted_at BIGINT;

ALTER TABLE projects ADD COLUMN require_second_factor BOOLEAN NOT NULL DEFAULT FALSE;

-- What the instance's owner decides on the dashboard: a name and its JSON.
CREATE TABLE settings (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    updated_by TEXT REFERENCES users (id),
    updated_at BIGINT NOT NULL
);

-- A sign-in of a browser; the cookie's record holds its id.
CREATE TABLE sessions (
    id            TEXT PRIMARY KEY,
    user_id       TEXT NOT NULL REFERENCES users (id),
    method        TEXT NOT NULL,
    provider_id   TEXT,
    second_factor TEXT,
    address       TEXT NOT NULL,
    user_agent    TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT NOT NULL,
    -- When the person last showed who they are.
    proved_at     BIGINT NOT NULL,
    ended_at      BIGINT,
    end_reason    TEXT
);
CREATE INDEX sessions_by_user ON sessions (user_id, ended_at);
CREATE INDEX sessions_by_use ON sessions (last_used_at);

CREATE TABLE invitations (
    id           TEXT PRIMARY KEY,
    -- NULL: an account on the instance and nothing else.
    project_id   TEXT REFERENCES projects (id) ON DELETE CASCADE,
    role         TEXT,
    hash         BLOB NOT NULL UNIQUE,
    -- The one whose account may use it.
    email        TEXT,
    -- Its link went to that address and to nobody else: who has it reads the mail there.
    is_mailed    BOOLEAN NOT NULL,
    most_uses    BIGINT NOT NULL,
    uses         BIGINT NOT NULL DEFAULT 0,
    created_by   TEXT NOT NULL REFERENCES users (id),
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    revoked_at   BIGINT,
    last_used_at BIGINT
);
CREATE INDEX invitations_by_project ON invitations (project_id);
CREATE INDEX invitations_by_expiry ON invitations (expires_at);
CREATE INDEX invitations_by_maker ON invitations (created_by);

-- When somebody last took a person's membership of a project away, or part of it: invitations from
-- before do not give it back.
CREATE TABLE membership_cuts (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    user_id    TEXT NOT NULL REFERENCES users (id),
    cut_at     BIGINT NOT NULL,
    PRIMARY KEY (project_id, user_id)
);

CREATE TABLE totp (
    user_id    TEXT PRIMARY KEY REFERENCES users (id),
    -- Under the master key.
    secret     BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    -- The newest time step that a code was accepted of: no code of it or before is accepted again.
    last_step  BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    hash       BLOB PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

CREATE TABLE passkeys (
    id            TEXT PRIMARY KEY,
    user_id       TEXT NOT NULL REFERENCES users (id),
    name          TEXT NOT NULL,
    credential_id BLOB NOT NULL UNIQUE,
    credential    TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT,
    -- Its counter went back: somebody may have a copy.
    suspended_at  BIGINT,
    -- Of the challenge that it answered last: an answer is accepted once.
    last_challenge_hash BLOB
);
CREATE INDEX passkeys_by_user ON passkeys (user_id);

CREATE TABLE identity_providers (
    id              TEXT PRIMARY KEY,
    kind            TEXT NOT NULL,
    name            TEXT NOT NULL UNIQUE,
    issuer          TEXT NOT NULL,
    client_id       TEXT NOT NULL,
    -- Under the master key; NULL: a public client.
    client_secret   BLOB,
    -- JSON list; empty: any.
    allowed_domains TEXT NOT NULL,
    -- Whether who signs in there first gets an account here, besides what the sign-up policy says.
    may_sign_up     BOOLEAN NOT NULL,
    is_enabled      BOOLEAN NOT NULL,
    created_by      TEXT REFERENCES users (id),
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);

CREATE TABLE identities (
    provider_id  TEXT NOT NULL REFERENCES identity_providers (id) ON DELETE CASCADE,
    subject      TEXT NOT NULL,
    user_id      TEXT NOT NULL REFERENCES users (id),
    email        TEXT,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    PRIMARY KEY (provider_id, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

-- Links that are sent to a person and work once.
CREATE TABLE account_links (
    hash       BLOB PRIMARY KEY,
    kind       TEXT NOT NULL,
    user_id    TEXT NOT NULL REFERENCES users (id),
    -- The address that it proves.
    email      TEXT,
    made_by    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX account_links_by_user ON account_links (user_id);
CREATE INDEX account_links_by_expiry ON account_links (expires_at);

-- What was done to people and to what they may do. Names no person but by id.
CREATE TABLE audit (
    id         TEXT PRIMARY KEY,
    at         BIGINT NOT NULL,
    act        TEXT NOT NULL,
    -- NULL: whoever holds the server, or somebody who is not signed in.
    actor_id   TEXT REFERENCES users (id),
    api_key_id TEXT,
    -- Whom it is about.
    user_id    TEXT REFERENCES users (id),
    -- Stays when the project is gone.
    project_id TEXT,
    address    TEXT,
    detail     TEXT
);
CREATE INDEX audit_by_user ON audit (user_id, id);
CREATE INDEX audit_by_actor ON audit (actor_id, id);
CREATE INDEX audit_by_project ON audit (project_id, id);
CREATE INDEX audit_by_time ON audit (at);

-- A key without a project is its account's.
CREATE TABLE api_keys_new (
    id           TEXT PRIMARY KEY,
    project_id   TEXT REFERENCES projects (id) ON DELETE CASCADE,
    user_id      TEXT NOT NULL REFERENCES users (id),
    -- The key that made it, with which it ends.
    made_by_key  TEXT,
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    prefix       TEXT NOT NULL,
    hash         BLOB NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
INSERT INTO api_keys_new
    SELECT id, project_id, user_id, NULL, name, role, prefix, hash, created_at, NULL, last_used_at,
           revoked_at
    FROM api_keys;
DROP TABLE api_keys;
ALTER TABLE api_keys_new RENAME TO api_keys;
CREATE INDEX api_keys_by_project ON api_keys (project_id);
CREATE INDEX api_keys_by_user ON api_keys (user_id);
CREATE INDEX api_keys_by_maker ON api_keys (made_by_key);

-- Requests of the REST API that may be sent again, and what they were answered.
CREATE TABLE idempotent_requests (
    -- Of who asked and the key they chose.
    hash         BLOB PRIMARY KEY,
    request_hash BLOB NOT NULL,
    -- Nobody else's: whose it is while it is under way.
    claim        TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    -- NULL: under way.
    status       BIGINT,
    -- Under the master key: it may hold a secret that is shown once. NULL where it was too large.
    answer       BLOB
);
CREATE INDEX idempotent_requests_by_time ON idempotent_requests (created_at);
