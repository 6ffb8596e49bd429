-- What a tool's auth_strategy needs besides its secret, a JSON object.
ALTER TABLE tools ADD COLUMN auth_config TEXT NOT NULL DEFAULT '{}';
