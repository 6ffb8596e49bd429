-- Whose answers are kept, so that nobody fills the database with them; NULL: from before.
ALTER TABLE idempotent_requests ADD COLUMN owner TEXT;
CREATE INDEX idempotent_requests_by_owner ON idempotent_requests (owner, created_at);
-- What ends with a sign-in provider.
CREATE INDEX sessions_by_provider ON sessions (provider_id) WHERE provider_id IS NOT NULL;
