-- Which call took an idempotency key: no other lets go of it or answers for it.
ALTER TABLE idempotency_keys ADD COLUMN claim TEXT NOT NULL DEFAULT '';
