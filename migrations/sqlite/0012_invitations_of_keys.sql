-- The key that made it, with which it ends.
ALTER TABLE invitations ADD COLUMN made_by_key TEXT;
CREATE INDEX invitations_by_key ON invitations (made_by_key);
