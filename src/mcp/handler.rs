//! The methods of the MCP server, for one request of a connection, as rmcp asks for them.

use std::{borrow::Cow, sync::Arc};

use domain::{
    execute::{CallResult, Content},
    grants::Bearer,
};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
        ListToolsResult, PaginatedRequestParams, ProtocolVersion, ServerCapabilities, ServerConfig,
        SubscriptionFilter, Tool,
    },
    service::{RequestContext, SubscriptionContext},
};

use super::{
    call,
    in_flight::Reason,
    list::{self, BAD_CURSOR},
    listen::{Seen, Watch},
    message::Era,
    reply::Failure,
};
use crate::{middleware::RequestId, state::AppState};

#[derive(Clone)]
pub struct Handler {
    state: AppState,
    bearer: Bearer,
    /// The tool that is called, where one is: rmcp asks for its schema before it calls.
    called: Option<Arc<domain::tools::Tool>>,
    era: Era,
    /// Whether changes of the list are announced: there is no stream for them before 2026-07-28.
    announces: bool,
    /// Passed along: rmcp runs the methods in a task of its own.
    request_id: String,
}

impl Handler {
    pub fn new(
        state: AppState,
        bearer: Bearer,
        called: Option<Arc<domain::tools::Tool>>,
        era: Era,
        announces: bool,
    ) -> Self {
        Self {
            state,
            bearer,
            called,
            era,
            announces,
            request_id: RequestId::current(),
        }
    }

    fn broken(&self, error: &domain::Error) -> ErrorData {
        Failure::broken(error, &self.request_id).into()
    }
}

impl From<Failure> for ErrorData {
    fn from(failure: Failure) -> Self {
        Self::new(rmcp::model::ErrorCode(failure.code), failure.message, None)
    }
}

/// What the server is called: differently for each integration, since clients tell servers apart by
/// it.
pub fn implementation(bearer: &Bearer) -> Implementation {
    Implementation::new(
        format!("tengine-{}", bearer.integration().slug),
        env!("CARGO_PKG_VERSION"),
    )
    .with_title(format!("{} (TengineAI)", bearer.project().name))
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let project = self.bearer.project();
        let capabilities = ServerCapabilities::builder().enable_tools();
        let mut info = ServerConfig::new(if self.announces {
            capabilities.enable_tool_list_changed().build()
        } else {
            capabilities.build()
        });
        info.server_info = implementation(&self.bearer);
        info.instructions = Some(format!(
            "Tools of the project “{}”, each an HTTP API of its owners.",
            project.name
        ));
        info
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        const SUPPORTED: &[ProtocolVersion] = &[
            ProtocolVersion::V_2026_07_28,
            ProtocolVersion::V_2025_11_25,
            ProtocolVersion::V_2025_06_18,
            ProtocolVersion::V_2025_03_26,
        ];
        Cow::Borrowed(SUPPORTED)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let offer = self
            .state
            .services
            .grants
            .offer(&self.bearer)
            .await
            .map_err(|error| self.broken(&error))?;
        let cursor = request.and_then(|request| request.cursor);
        let start = list::start(&offer, cursor.as_deref())
            .ok_or_else(|| ErrorData::invalid_params(BAD_CURSOR, None))?;
        let (page, end) = list::page(&offer, start);
        let grants = &self.state.services.grants;
        grants.note_list(&self.bearer, &offer, end).await;
        Ok(page)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        let tool = self.called.as_ref().filter(|tool| tool.name == name)?;
        Some(list::listed(tool))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let tool = match &self.called {
            Some(tool) if tool.is_enabled => tool,
            Some(tool) => return Err(call::disabled(tool).into()),
            None => return Err(call::unknown(&request.name).into()),
        };
        let key = context.meta.get("ai.tengine/idempotency-key");
        let key = call::key(key)?.map(str::to_owned);
        let _open = self.state.mcp.limits.call(&self.bearer).map_err(too_many)?;
        let id = serde_json::to_string(&context.id).ok();
        let id = id.filter(|_| self.era == Era::Legacy);
        let running = self.state.mcp.in_flight.begin(&self.bearer, id.as_deref());
        call::may_begin(&self.state, &self.bearer, &self.request_id).await?;
        let called = call::called(
            &self.state.services,
            &self.bearer,
            tool,
            request.arguments.unwrap_or_default(),
            key.as_deref(),
            None,
        );
        let called = tokio::select! {
            biased;
            called = called => called,
            reason = running.ended() => return Err(call::ended(reason).into()),
            // Up to 2025-11-25 a client who goes away has not cancelled.
            () = context.ct.cancelled(), if self.era == Era::Modern => {
                return Err(call::ended(Reason::Cancelled).into());
            }
        };
        let result = called.map_err(|error| self.broken(&error))??;
        Ok(answer(result).into())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        let mut accepted = SubscriptionFilter::new();
        accepted.tools_list_changed = requested.tools_list_changed;
        Some(accepted)
    }

    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        let _open = self
            .state
            .mcp
            .limits
            .stream(&self.bearer)
            .map_err(too_many)?;
        let tells = subscription.accepted().tools_list_changed == Some(true);
        let mut watch = Watch::of(&self.state, &self.bearer)
            .await
            .map_err(|error| self.broken(&error))?;
        loop {
            let seen = tokio::select! {
                () = subscription.cancelled() => return Ok(()),
                seen = watch.next() => seen,
            };
            match seen.map_err(|error| self.broken(&error))? {
                Seen::Ended => return Ok(()),
                Seen::Changed if tells => {
                    if subscription
                        .sink()
                        .notify_tool_list_changed()
                        .await
                        .is_err()
                    {
                        return Ok(());
                    }
                }
                Seen::Changed => {}
            }
        }
    }
}

/// By the long road the answer has begun, and no status can say it.
fn too_many(error: domain::Error) -> ErrorData {
    Failure::ended(error.to_string()).into()
}

fn answer(result: CallResult) -> CallToolResult {
    let is_error = result.is_error();
    let content = result
        .content
        .into_iter()
        .map(|content| match content {
            Content::Text(text) => ContentBlock::text(text),
            Content::Image { mime_type, base64 } => ContentBlock::image(base64, mime_type),
            Content::Audio { mime_type, base64 } => ContentBlock::audio(base64, mime_type),
        })
        .collect();
    let mut answer = if is_error {
        CallToolResult::error(content)
    } else {
        CallToolResult::success(content)
    };
    answer.structured_content = result
        .structured
        .and_then(|raw| serde_json::from_str(raw.get()).ok());
    answer
}
