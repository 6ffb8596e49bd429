-- What was asked and answered, redacted: in a table of its own, so that lists stay small.
CREATE TABLE call_details (
    project_id TEXT NOT NULL,
    call_id    TEXT NOT NULL,
    -- JSON.
    detail     TEXT NOT NULL,
    PRIMARY KEY (project_id, call_id)
);
-- How many calls there were, by the hour in which they began. Each process counts in a row of its own,
-- so that none waits for another.
CREATE TABLE call_counts (
    project_id TEXT NOT NULL,
    -- Hours since the Unix epoch.
    hour       BIGINT NOT NULL,
    part       BIGINT NOT NULL,
    calls      BIGINT NOT NULL,
    failures   BIGINT NOT NULL,
    PRIMARY KEY (project_id, hour, part)
);
CREATE INDEX call_counts_by_hour ON call_counts (hour);
INSERT INTO call_counts (project_id, hour, part, calls, failures)
    SELECT project_id, started_at / 3600000, 0, COUNT(*), SUM(CASE WHEN outcome = 'ok' THEN 0 ELSE 1 END)
    FROM calls GROUP BY project_id, started_at / 3600000;
-- Lists find a page's ids in one of these alone, whatever else they ask for: what follows the id is only
-- looked at.
DROP INDEX calls_by_project;
DROP INDEX calls_by_tool;
DROP INDEX calls_failed;
CREATE INDEX calls_by_project ON calls (project_id, id, outcome, via);
CREATE INDEX calls_by_tool ON calls (project_id, tool_id, id, outcome, via);
CREATE INDEX calls_by_integration ON calls (project_id, integration_id, id, tool_id, outcome, via)
    WHERE integration_id IS NOT NULL;
CREATE INDEX calls_by_person ON calls (project_id, user_id, id, tool_id, integration_id, outcome, via)
    WHERE user_id IS NOT NULL;
CREATE INDEX calls_failed ON calls (project_id, id, outcome, tool_id, integration_id, user_id, via)
    WHERE outcome <> 'ok';
-- By far the most come by MCP; they are no entry of this one.
CREATE INDEX calls_by_hand ON calls (project_id, via, id, outcome, tool_id, integration_id, user_id)
    WHERE via <> 'mcp';
