-- How often a call that went wrong is sent once more; for idempotent tools only.
ALTER TABLE tools ADD COLUMN max_retries BIGINT NOT NULL DEFAULT 0;
