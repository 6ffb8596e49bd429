//! /api/v1/projects/{project_id}/tools

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    calls::{Outcome, Via},
    execute::{self, CallResult, Content},
    ids::ToolId,
    members::{Developer, Viewer},
    tools::{Tool, ToolInput},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use utoipa::ToSchema;

use super::{
    ApiError, ApiJson, Caller, List, Page,
    auth::access,
    error::ErrorBody,
    idempotency,
    json::{parsed, patched},
};
use crate::state::AppState;

/// A tool. Besides what is listed here it has every field of a tool's input but `auth_secret`.
#[derive(Serialize, ToSchema)]
pub(super) struct ToolView {
    id: String,
    project_id: String,
    /// Whether a secret is stored; it is never shown.
    has_auth_secret: bool,
    /// Milliseconds since the Unix epoch.
    created_at: i64,
    updated_at: i64,
    /// Counted from 1; each change makes a new one.
    version: i64,
    /// When what people approve and the model reads of it last changed.
    described_at: i64,
    #[serde(flatten)]
    #[schema(value_type = ToolFields)]
    definition: ToolInput,
}

impl From<Tool> for ToolView {
    fn from(tool: Tool) -> Self {
        Self {
            definition: ToolInput {
                // Here a hint is shown whoever made it.
                annotations: tool.annotations.into(),
                ..tool.as_input()
            },
            id: tool.id.to_string(),
            project_id: tool.project_id.to_string(),
            has_auth_secret: tool.auth_secret.is_some(),
            created_at: tool.created_at.0,
            updated_at: tool.updated_at.0,
            version: tool.version,
            described_at: tool.described_at.0,
        }
    }
}

/// The fields of a tool, for the document; the domain's `ToolInput` is what is read. A test holds
/// the two together.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct ToolFields {
    /// Unique in the project; 1 to 64 of a-z A-Z 0-9 _ and -.
    name: String,
    title: Option<String>,
    /// What the tool does and when to use it: all that the model knows of it. Required.
    description: String,
    /// JSON Schema 2020-12, an object at the top.
    #[schema(value_type = Option<Object>)]
    input_schema: Option<Value>,
    #[schema(value_type = Option<Object>)]
    output_schema: Option<Value>,
    /// An origin, like `https://crm.example.com`.
    base_url: String,
    /// GET (the default), POST, PUT, PATCH or DELETE.
    http_method: Option<String>,
    /// Starts with `/`; may hold `{argument}`.
    endpoint_path: String,
    /// Header to template.
    headers_template: Option<std::collections::BTreeMap<String, String>>,
    /// Query parameter to template.
    query_template: Option<std::collections::BTreeMap<String, String>>,
    /// A JSON value in which the string `"{argument}"` stands for the argument.
    #[schema(value_type = Option<Object>)]
    body_template: Option<Value>,
    /// `none` (the default), `static_bearer`, `basic`, `api_key_header`, `api_key_query`,
    /// `hmac_signature`, `standard_webhooks`, `oauth2_client_credentials` or
    /// `oauth2_authorization_code`.
    auth_strategy: Option<String>,
    auth_config: Option<ToolAuth>,
    /// Write-only. Left out, the stored one stays as long as base_url, auth_strategy and
    /// auth_config do.
    auth_secret: Option<String>,
    /// In its place, the name of a secret in the project's vault.
    auth_secret_name: Option<String>,
    /// The call needs a signed-in person.
    require_member: Option<bool>,
    /// The person's id, email and role go along.
    inject_member_identity: Option<bool>,
    annotations: Option<ToolHints>,
    /// Pictures for clients to show (MCP).
    icons: Option<Vec<ToolIcon>>,
    /// 100 to 300,000; 30,000 by default.
    timeout_ms: Option<i64>,
    /// 1,024 to 16,777,216; 1,048,576 by default.
    max_response_bytes: Option<i64>,
    /// Calls that may run at once in one process, 1 to 10,000; any number where it is left out.
    max_concurrency: Option<i64>,
    /// How often a call that went wrong is sent once more, 0 (the default) to 5; for tools whose
    /// idempotentHint is true.
    max_retries: Option<i64>,
    /// True by default.
    is_enabled: Option<bool>,
}

/// What an `auth_strategy` needs besides its secret; each takes its own.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct ToolAuth {
    /// `api_key_header`: the header that the key is sent in.
    header: Option<String>,
    /// `api_key_query`: the query parameter that the key is sent in.
    parameter: Option<String>,
    /// `basic`: the user name; the secret is the password.
    username: Option<String>,
}

/// Hints for the model; those left out are guessed from the method.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used")]
struct ToolHints {
    read_only_hint: Option<bool>,
    destructive_hint: Option<bool>,
    idempotent_hint: Option<bool>,
    open_world_hint: Option<bool>,
}

/// A picture of a tool.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used")]
struct ToolIcon {
    /// An https URL, or a data URL of an image.
    src: String,
    mime_type: Option<String>,
    /// Such as `48x48`, or `any`.
    sizes: Option<Vec<String>>,
    /// `light` or `dark`: the background that it is drawn for.
    theme: Option<String>,
}

/// Lists the project's tools by name.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/tools", tag = "tools",
    params(("project_id" = String, Path), ("limit" = Option<usize>, Query), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<ToolView>), (status = 404, body = ErrorBody)))]
pub(super) async fn list(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    page: Page,
) -> Result<Json<List<ToolView>>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let tools = state.services.tools.list(&access).await?;
    Ok(Json(page.of(tools, |tool| tool.name.clone())))
}

/// Registers a tool.
#[utoipa::path(post, path = "/api/v1/projects/{project_id}/tools", tag = "tools",
    params(("project_id" = String, Path)), request_body = ToolFields,
    responses((status = 201, body = ToolView), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn create(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path(project_id): Path<String>,
    ApiJson(input): ApiJson<ToolInput>,
) -> Result<(StatusCode, Json<ToolView>), ApiError> {
    let access = access::<Developer>(&state, &actor, project_id).await?;
    let tool = state.services.tools.create(&access, &input).await?;
    Ok((StatusCode::CREATED, Json(tool.into())))
}

/// Reads a tool.
#[utoipa::path(get, path = "/api/v1/projects/{project_id}/tools/{tool_id}", tag = "tools",
    params(("project_id" = String, Path), ("tool_id" = String, Path)),
    responses((status = 200, body = ToolView), (status = 404, body = ErrorBody)))]
pub(super) async fn get(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, tool_id)): Path<(String, String)>,
) -> Result<Json<ToolView>, ApiError> {
    let access = access::<Viewer>(&state, &actor, project_id).await?;
    let tool = state
        .services
        .tools
        .get(&access, &ToolId::from(tool_id))
        .await?;
    Ok(Json(tool.into()))
}

/// Changes fields of a tool: a JSON Merge Patch (RFC 7396) on its top level, where `null` puts a
/// field back to its default.
#[utoipa::path(patch, path = "/api/v1/projects/{project_id}/tools/{tool_id}", tag = "tools",
    params(("project_id" = String, Path), ("tool_id" = String, Path)), request_body = ToolFields,
    responses((status = 200, body = ToolView), (status = 404, body = ErrorBody),
        (status = 409, body = ErrorBody), (status = 422, body = ErrorBody)))]
pub(super) async fn update(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, tool_id)): Path<(String, String)>,
    ApiJson(patch): ApiJson<Map<String, Value>>,
) -> Result<Json<ToolView>, ApiError> {
    let access = access::<Developer>(&state, &actor, project_id).await?;
    let tool = state
        .services
        .tools
        .patch(&access, &ToolId::from(tool_id), |input| {
            parsed(patched(&input, patch)).map_err(|error| domain::Error::Invalid(vec![error]))
        })
        .await?;
    Ok(Json(tool.into()))
}

/// Deletes a tool.
#[utoipa::path(delete, path = "/api/v1/projects/{project_id}/tools/{tool_id}", tag = "tools",
    params(("project_id" = String, Path), ("tool_id" = String, Path)),
    responses((status = 204), (status = 404, body = ErrorBody)))]
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, tool_id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let access = access::<Developer>(&state, &actor, project_id).await?;
    state
        .services
        .tools
        .delete(&access, &ToolId::from(tool_id))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallInput {
    #[serde(default)]
    #[schema(value_type = Object)]
    arguments: Map<String, Value>,
}

/// What a call answered: the same as a model would see.
#[derive(Serialize, ToSchema)]
pub(super) struct CallView {
    call_id: String,
    /// `X-Tengine-Request-Id`, as the tool's endpoint saw it.
    request_id: String,
    http_status: Option<u16>,
    #[schema(value_type = Vec<Object>)]
    content: Vec<Value>,
    #[schema(value_type = Option<Object>)]
    structured_content: Option<Box<RawValue>>,
}

impl From<CallResult> for CallView {
    fn from(result: CallResult) -> Self {
        let content = result
            .content
            .into_iter()
            .map(|content| match content {
                Content::Text(text) => serde_json::json!({ "type": "text", "text": text }),
                Content::Image { mime_type, base64 } => {
                    serde_json::json!({ "type": "image", "mimeType": mime_type, "data": base64 })
                }
                Content::Audio { mime_type, base64 } => {
                    serde_json::json!({ "type": "audio", "mimeType": mime_type, "data": base64 })
                }
            })
            .collect();
        Self {
            call_id: result.call_id.to_string(),
            request_id: result.request_id,
            http_status: result.http_status,
            content,
            structured_content: result.structured,
        }
    }
}

/// Calls a tool.
#[utoipa::path(post, path = "/api/v1/projects/{project_id}/tools/{tool_id}/call", tag = "tools",
    params(("project_id" = String, Path), ("tool_id" = String, Path)), request_body = CallInput,
    responses((status = 200, body = CallView), (status = 403, body = ErrorBody),
        (status = 404, body = ErrorBody), (status = 422, body = ErrorBody),
        (status = 502, body = ErrorBody, description = "The tool's endpoint answered badly."),
        (status = 503, body = ErrorBody, description = "Too many calls of the tool are under way, or its endpoint failed too often and is left alone for a while."),
        (status = 504, body = ErrorBody, description = "The endpoint did not answer in time.")))]
pub(super) async fn call(
    State(state): State<AppState>,
    Caller(actor): Caller,
    Path((project_id, tool_id)): Path<(String, String)>,
    ApiJson(input): ApiJson<CallInput>,
) -> Result<Response, ApiError> {
    let access = access::<Developer>(&state, &actor, project_id).await?;
    let tool = state
        .services
        .tools
        .get(&access.as_viewer(), &ToolId::from(tool_id))
        .await?;
    let caller = execute::Caller {
        project_id: access.project_id().clone(),
        integration_id: None,
        grant_id: None,
        api_key_id: access.api_key_id().cloned(),
        // A key is no signed-in person.
        member: None,
        via: Via::Rest,
    };
    let result = state
        .services
        .execute
        .call_to_its_end(&caller, &tool, input.arguments)
        .await?;
    let was_sent = result.was_sent;
    let (status, code) = match result.outcome {
        Outcome::Ok => return Ok(Json(CallView::from(result)).into_response()),
        Outcome::InvalidArguments => (StatusCode::UNPROCESSABLE_ENTITY, "invalid_arguments"),
        Outcome::NotEnabled => (StatusCode::FORBIDDEN, "tool_not_enabled"),
        Outcome::MemberRequired => (StatusCode::FORBIDDEN, "member_required"),
        Outcome::ConnectionRequired => (StatusCode::FORBIDDEN, "connection_required"),
        Outcome::NoToken => (StatusCode::BAD_GATEWAY, "no_token"),
        Outcome::Refused => (StatusCode::FORBIDDEN, "address_refused"),
        Outcome::Busy => (StatusCode::SERVICE_UNAVAILABLE, "tool_busy"),
        Outcome::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "tool_unavailable"),
        Outcome::Timeout => (StatusCode::GATEWAY_TIMEOUT, "tool_timeout"),
        Outcome::Unreachable | Outcome::HttpError | Outcome::BadAnswer | Outcome::Cancelled => {
            (StatusCode::BAD_GATEWAY, "tool_failed")
        }
    };
    let message = result
        .content
        .into_iter()
        .find_map(|content| match content {
            Content::Text(text) => Some(text),
            Content::Image { .. } | Content::Audio { .. } => None,
        })
        .unwrap_or_default();
    let refusal = ApiError::new(status, code, message).into_response();
    // The endpoint may have acted.
    Ok(if was_sent {
        idempotency::acted(refusal)
    } else {
        refusal
    })
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn the_document_has_the_fields_that_are_read() {
        let schema = serde_json::to_value(ToolFields::schema()).unwrap();
        let mut documented: Vec<&String> =
            schema["properties"].as_object().unwrap().keys().collect();
        let tool = serde_json::json!({ "name": "a", "base_url": "b", "endpoint_path": "c" });
        let input: ToolInput = parsed(tool).unwrap();
        let read = serde_json::to_value(input).unwrap();
        let secret = "auth_secret".to_owned();
        let mut read: Vec<&String> = read.as_object().unwrap().keys().chain([&secret]).collect();
        documented.sort();
        read.sort();
        assert_eq!(documented, read);
    }
}
