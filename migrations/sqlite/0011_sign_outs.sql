-- How often all sessions of a person were ended: what was shown before the last time begins none.
ALTER TABLE users ADD COLUMN sign_outs BIGINT NOT NULL DEFAULT 0;
