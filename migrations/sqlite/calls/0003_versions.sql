-- The version of the tool that ran; NULL for calls from before.
ALTER TABLE calls ADD COLUMN tool_version BIGINT;
