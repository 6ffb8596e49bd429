//! The methods of the MCP server, for one connection.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    Services,
    calls::Outcome,
    execute::{CallResult, Content},
    grants::Bearer,
};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock,
        Implementation, ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig,
        Tool, ToolAnnotations,
    },
    service::RequestContext,
};

use crate::middleware::RequestId;

/// Tools in one page of the list.
const PAGE: usize = 1_000;

#[derive(Clone)]
pub struct Handler {
    services: Services,
    bearer: Arc<Bearer>,
    /// Passed along: rmcp runs the methods in a task of its own.
    request_id: String,
}

impl Handler {
    pub fn new(services: Services, bearer: Bearer) -> Self {
        Self {
            services,
            bearer: Arc::new(bearer),
            request_id: RequestId::current(),
        }
    }

    /// A failure of ours is said to be one, never an empty list.
    fn broken(&self, error: &domain::Error) -> ErrorData {
        tracing::error!(%error, id = self.request_id, "an MCP request failed");
        ErrorData::internal_error(
            format!("Something broke on our side (request {}).", self.request_id),
            None,
        )
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let project = self.bearer.project();
        let mut info = ServerConfig::new(ServerCapabilities::builder().enable_tools().build());
        info.server_info = Implementation::new(
            format!("tengine-{}", self.bearer.integration().slug),
            env!("CARGO_PKG_VERSION"),
        )
        .with_title(format!("{} (TengineAI)", project.name));
        info.instructions = Some(format!(
            "Tools of the project “{}”, each an HTTP API of its owners.",
            project.name
        ));
        info
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = self
            .services
            .grants
            .tools_of(&self.bearer)
            .await
            .map_err(|error| self.broken(&error))?;
        let after = match request.and_then(|request| request.cursor) {
            None => None,
            Some(cursor) => Some(after(&cursor)?),
        };
        let start = match &after {
            None => 0,
            Some(name) => tools
                .iter()
                .position(|tool| tool.name == *name)
                .map(|index| index + 1)
                .ok_or_else(bad_cursor)?,
        };
        let page: Vec<_> = tools.iter().skip(start).take(PAGE).collect();
        let has_more = start + page.len() < tools.len();
        let mut result =
            ListToolsResult::with_all_items(page.iter().map(|tool| listed(tool)).collect());
        if has_more {
            result.next_cursor = page.last().map(|tool| URL_SAFE_NO_PAD.encode(&tool.name));
        }
        result.ttl_ms = Some(0);
        result.cache_scope = Some(CacheScope::Private);
        Ok(result)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let name = request.name.as_ref();
        let found = self
            .services
            .grants
            .tool_of(&self.bearer, name)
            .await
            .map_err(|error| self.broken(&error))?;
        let Some(tool) = found else {
            let name: String = name.chars().take(64).collect();
            return Err(ErrorData::invalid_params(
                format!("Unknown tool: {name}"),
                None,
            ));
        };
        let arguments = request.arguments.unwrap_or_default();
        let result = self
            .services
            .execute
            .call(&self.bearer.caller(), &tool, &arguments)
            .await
            .map_err(|error| self.broken(&error))?;
        if result.outcome == Outcome::NotEnabled {
            let name = &tool.name;
            return Err(ErrorData::invalid_params(
                format!("The tool {name} is disabled; the project's developers can enable it."),
                None,
            ));
        }
        Ok(answer(result).into())
    }
}

fn listed(tool: &domain::tools::Tool) -> Tool {
    let mut listed = Tool::new(
        tool.name.clone(),
        tool.description.clone(),
        Arc::new(tool.input_schema.clone()),
    );
    listed.title = Some(
        if tool.title.is_empty() {
            &tool.name
        } else {
            &tool.title
        }
        .clone(),
    );
    listed.output_schema = tool.output_schema.clone().map(Arc::new);
    listed.annotations = Some(ToolAnnotations::from_raw(
        None,
        Some(tool.annotations.read_only_hint),
        Some(tool.annotations.destructive_hint),
        Some(tool.annotations.idempotent_hint),
        Some(tool.annotations.open_world_hint),
    ));
    listed
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
    answer.structured_content = result.structured.map(serde_json::Value::Object);
    answer
}

fn after(cursor: &str) -> Result<String, ErrorData> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad_cursor())?;
    String::from_utf8(bytes).map_err(|_| bad_cursor())
}

fn bad_cursor() -> ErrorData {
    ErrorData::invalid_params(
        "This cursor is not one of ours; list from the start again.",
        None,
    )
}
