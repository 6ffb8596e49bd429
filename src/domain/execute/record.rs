//! The call's row of the log, from its first moment on.

use std::time::Instant;

use uuid::Builder;

use super::{Caller, capture::Capture, result::Ended};
use crate::{
    Core,
    calls::{Call, Calls, Detail, KeepDetails, Phases, Via},
    clock::Timestamp,
    ids::{ApiKeyId, CallId, GrantId, IntegrationId, ProjectId, ToolId, UserId},
    tools::Tool,
};

/// What is known of a call while it runs.
pub(super) struct Row {
    pub(super) call_id: CallId,
    /// A fresh UUIDv4 (RFC 9562 §5.4) per call.
    pub(super) request_id: String,
    pub(super) started_at: Timestamp,
    pub(super) began: Instant,
    pub(super) phases: Phases,
    project_id: ProjectId,
    tool_id: ToolId,
    tool_name: String,
    tool_version: i64,
    integration_id: Option<IntegrationId>,
    grant_id: Option<GrantId>,
    user_id: Option<UserId>,
    api_key_id: Option<ApiKeyId>,
    via: Via,
    /// What the project kept of calls when it began.
    pub(super) keeps: KeepDetails,
    /// What may be kept of it beside the row.
    pub(super) capture: Option<Box<Capture>>,
}

impl Row {
    pub(super) fn begin(core: &Core, caller: &Caller, tool: &Tool, keeps: KeepDetails) -> Self {
        let mut bytes = [0; 16];
        core.random.fill(&mut bytes);
        let started_at = core.now();
        Self {
            call_id: CallId::at(started_at, &*core.random),
            request_id: Builder::from_random_bytes(bytes).into_uuid().to_string(),
            started_at,
            began: Instant::now(),
            phases: Phases::default(),
            project_id: caller.project_id.clone(),
            tool_id: tool.id.clone(),
            tool_name: tool.name.clone(),
            tool_version: tool.version,
            integration_id: caller.integration_id.clone(),
            grant_id: caller.grant_id.clone(),
            user_id: caller.member.as_ref().map(|member| member.id.clone()),
            api_key_id: caller.api_key_id.clone(),
            via: caller.via,
            keeps,
            capture: None,
        }
    }

    pub(super) const fn project_id(&self) -> &ProjectId {
        &self.project_id
    }

    /// What is kept beside the row of a call that ended so, where the project keeps that now.
    pub(super) fn detail(
        &mut self,
        ended: &Ended,
        now: KeepDetails,
        calls: &Calls,
    ) -> Option<Detail> {
        let is_kept = self.keeps.keeps(ended.outcome) && now.keeps(ended.outcome);
        let capture = self.capture.take().filter(|_| is_kept)?;
        if !calls.keeps_pace(&self.project_id, ended.outcome) {
            return None;
        }
        Some(capture.detail())
    }

    pub(super) fn ended(&self, ended: &Ended) -> Call {
        Call {
            id: self.call_id.clone(),
            project_id: self.project_id.clone(),
            tool_id: self.tool_id.clone(),
            tool_name: self.tool_name.clone(),
            tool_version: Some(self.tool_version),
            integration_id: self.integration_id.clone(),
            grant_id: self.grant_id.clone(),
            user_id: self.user_id.clone(),
            api_key_id: self.api_key_id.clone(),
            via: self.via,
            request_id: self.request_id.clone(),
            started_at: self.started_at,
            phases: self.phases,
            outcome: ended.outcome,
            http_status: ended.http_status.map(i64::from),
            response_bytes: ended.response_bytes,
            error: ended.error.clone(),
        }
    }
}
