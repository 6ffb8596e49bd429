-- The call log by tool, and what went wrong in it.
CREATE INDEX calls_by_tool ON calls (project_id, tool_id, id);
CREATE INDEX calls_failed ON calls (project_id, outcome, id) WHERE outcome <> 'ok';
