//! The call log: every call of a tool leaves a row, committed before its answer goes out.

mod counts;
mod detail;
mod expire;
mod filter;
mod keep;
mod logged;
mod names;
mod recorder;
pub(crate) mod redaction;
pub(crate) mod store;

use std::sync::Arc;

use keep::{Choices, Pace};
use logged::Logged;
use recorder::Recorder;
use serde::Serialize;

pub(crate) use self::expire::{forget_person, forget_project};
pub use self::{
    counts::{CallCount, Span},
    detail::{Answered, Asked, Body, Detail, Part},
    filter::{CallFilter, Outcomes, Start},
    keep::{DetailLimits, KeepDetails},
    names::Names,
    redaction::REDACTED,
};

use crate::{
    Core, Error, Result,
    clock::Timestamp,
    db::{Db, DbError},
    grants::Grant,
    ids::{ApiKeyId, CallId, GrantId, IntegrationId, ProjectId, ToolId, UserId},
    members::{Access, Viewer},
    text_enum,
};

text_enum! {
    /// The edge a call came in by.
    pub enum Via {
        Mcp = "mcp",
        Rest = "rest",
        /// A person in the dashboard who tries a tool.
        Playground = "playground",
    }
}

text_enum! {
    /// How a call ended.
    pub enum Outcome {
        /// The endpoint answered with a 2xx.
        Ok = "ok",
        /// The arguments break the tool's schema; nothing was sent.
        InvalidArguments = "invalid_arguments",
        /// The tool is disabled; nothing was sent.
        NotEnabled = "not_enabled",
        /// The tool needs a signed-in person; nothing was sent.
        MemberRequired = "member_required",
        /// The person has to connect their account at another server; nothing was sent.
        ConnectionRequired = "connection_required",
        /// Another server gave no token for the endpoint; nothing was sent to it.
        NoToken = "no_token",
        /// As many calls as the tool allows at once were running; nothing was sent.
        Busy = "busy",
        /// The endpoint's server has failed call after call and is left alone for a while; nothing was
        /// sent.
        Unavailable = "unavailable",
        /// The caller went away or cancelled; the endpoint may have acted.
        Cancelled = "cancelled",
        /// The guard does not let the address through; nothing was sent.
        Refused = "refused",
        /// The endpoint could not be reached.
        Unreachable = "unreachable",
        /// The endpoint did not answer in time.
        Timeout = "timeout",
        /// The endpoint answered with a status outside 2xx.
        HttpError = "http_error",
        /// The answer broke a limit or could not be read.
        BadAnswer = "bad_answer",
    }
}

/// Where a call's time went, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Phases {
    pub validate_us: i64,
    /// Templates, headers and signature.
    pub render_us: i64,
    /// From the first byte sent (connecting included) to the answer's head, of every attempt.
    pub wait_us: i64,
    /// The answer's body, of every attempt.
    pub read_us: i64,
    pub total_us: i64,
}

/// One call, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    pub id: CallId,
    pub project_id: ProjectId,
    pub tool_id: ToolId,
    pub tool_name: String,
    /// The version of it that ran; `None` for a call from before versions were kept.
    pub tool_version: Option<i64>,
    pub integration_id: Option<IntegrationId>,
    pub grant_id: Option<GrantId>,
    pub user_id: Option<UserId>,
    pub api_key_id: Option<ApiKeyId>,
    pub via: Via,
    /// `X-Tengine-Request-Id`, as the endpoint saw it.
    pub request_id: String,
    pub started_at: Timestamp,
    pub phases: Phases,
    pub outcome: Outcome,
    pub http_status: Option<i64>,
    pub response_bytes: i64,
    /// One sentence, without arguments or secrets, where the call failed or took more than one
    /// attempt.
    pub error: Option<String>,
}

/// When a connection to an integration of the project first called a tool, as far as that is quickly found.
pub(crate) async fn first_of_grant(
    core: &Core,
    project: &ProjectId,
    integration: &IntegrationId,
    grant: &Grant,
) -> Result<Option<Timestamp>> {
    store::first_of_grant(&core.db, project, integration, grant).await
}

/// Whether a client has called a tool of the project.
pub(crate) async fn has_come_by_mcp(db: &Db, project: &ProjectId) -> Result<bool> {
    store::has_come_by_mcp(db, project).await
}

/// The room's service.
#[derive(Clone)]
pub struct Calls {
    core: Core,
    recorder: Arc<Recorder>,
    choices: Arc<Choices>,
    pace: Arc<Pace>,
}

impl Calls {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            recorder: Arc::new(Recorder::new(core.clone())),
            choices: Choices::new(&core),
            pace: keep::pace(),
            core,
        }
    }

    /// Commits the row of a call that ended, with its detail.
    ///
    /// # Errors
    /// Where it cannot be committed; then the call must not be answered as if it had been logged.
    pub(crate) async fn record(
        &self,
        call: Call,
        detail: Option<Detail>,
    ) -> Result<(), Arc<DbError>> {
        self.recorder.commit(logged(call, detail)).await
    }

    /// Commits the row of a call that nobody waits for any more.
    pub(crate) fn record_later(&self, call: Call, detail: Option<Detail>) {
        self.recorder.commit_later(logged(call, detail));
    }

    /// Returns when every row that was to be committed is.
    pub async fn are_recorded(&self) {
        self.recorder.is_idle().await;
    }

    /// The newest calls of a project, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn recent(&self, access: &Access<Viewer>, most: i64) -> Result<Vec<Call>> {
        self.list(access, &CallFilter::default(), &Start::Newest, most)
            .await
    }

    /// At most so many calls of a project that pass the filter, newest first, from `start` on.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(
        &self,
        access: &Access<Viewer>,
        filter: &CallFilter,
        start: &Start,
        most: i64,
    ) -> Result<Vec<Call>> {
        store::list(&self.core.db, access.project_id(), filter, start, most).await
    }

    /// # Errors
    /// [`Error::NotFound`] where the project has no such call.
    pub async fn get(&self, access: &Access<Viewer>, id: &CallId) -> Result<Call> {
        store::by_id(&self.core.db, access.project_id(), id)
            .await?
            .ok_or(Error::NotFound("call"))
    }

    /// What was asked and answered; `None` where it was not kept, or not for so long.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn detail(&self, access: &Access<Viewer>, id: &CallId) -> Result<Option<Detail>> {
        let detail = store::detail(&self.core.db, access.project_id(), id).await?;
        detail
            .map(|text| serde_json::from_str(&text).map_err(|why| Error::corrupt("call", why)))
            .transpose()
    }
}

fn logged(call: Call, detail: Option<Detail>) -> Logged {
    let json = |detail: Detail| serde_json::to_string(&detail).expect("it is text and numbers");
    Logged {
        call,
        detail: detail.map(|detail| json(detail).into()),
    }
}
