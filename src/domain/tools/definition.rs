//! What a tool is: an HTTP endpoint, described so that a model can call it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{AuthConfig, AuthStrategy, ToolSecret};
use crate::{
    clock::Timestamp,
    ids::{ProjectId, ToolId},
    json_size::json_size,
    text_enum,
};

text_enum! {
    /// The methods a tool may use.
    pub enum HttpMethod {
        Get = "GET",
        Post = "POST",
        Put = "PUT",
        Patch = "PATCH",
        Delete = "DELETE",
    }
}

impl HttpMethod {
    /// Whether arguments that no template uses become the query instead of a JSON body.
    #[must_use]
    pub const fn sends_rest_as_query(self) -> bool {
        matches!(self, Self::Get | Self::Delete)
    }
}

/// Hints for the model and its client (MCP 2026-07-28, tool annotations). Guessed from the method
/// where they are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Annotations {
    pub read_only_hint: bool,
    pub destructive_hint: bool,
    pub idempotent_hint: bool,
    pub open_world_hint: bool,
}

impl Annotations {
    /// What a method promises by RFC 9110 §9.2.
    #[must_use]
    pub const fn guessed_from(method: HttpMethod) -> Self {
        Self {
            read_only_hint: matches!(method, HttpMethod::Get),
            destructive_hint: matches!(method, HttpMethod::Put | HttpMethod::Delete),
            idempotent_hint: matches!(
                method,
                HttpMethod::Get | HttpMethod::Put | HttpMethod::Delete
            ),
            open_world_hint: true,
        }
    }
}

impl Annotations {
    /// The hints that are not those of the method.
    #[must_use]
    pub fn beyond(&self, method: HttpMethod) -> AnnotationsInput {
        let guessed = Self::guessed_from(method);
        let own = |hint: bool, guess: bool| (hint != guess).then_some(hint);
        AnnotationsInput {
            read_only_hint: own(self.read_only_hint, guessed.read_only_hint),
            destructive_hint: own(self.destructive_hint, guessed.destructive_hint),
            idempotent_hint: own(self.idempotent_hint, guessed.idempotent_hint),
            open_world_hint: own(self.open_world_hint, guessed.open_world_hint),
        }
    }
}

impl From<Annotations> for AnnotationsInput {
    fn from(hints: Annotations) -> Self {
        Self {
            read_only_hint: Some(hints.read_only_hint),
            destructive_hint: Some(hints.destructive_hint),
            idempotent_hint: Some(hints.idempotent_hint),
            open_world_hint: Some(hints.open_world_hint),
        }
    }
}

/// A picture of a tool for a client to show (MCP 2025-11-25, `Icon`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Icon {
    /// An https URL, or a data URL of an image.
    pub src: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Such as `48x48`, or `any`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theme: Option<IconTheme>,
}

text_enum! {
    /// The background that an icon is drawn for.
    pub enum IconTheme {
        Light = "light",
        Dark = "dark",
    }
}

/// Annotations as people write them: each may be left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct AnnotationsInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_only_hint: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destructive_hint: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotent_hint: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_world_hint: Option<bool>,
}

/// A tool as it comes in: from the form, over REST or in a file. One shape, one validation
/// ([`checked`](super::rules::checked)).
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolInput {
    pub name: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub description: String,
    #[serde(default = "empty_object_schema")]
    pub input_schema: Value,
    #[serde(default)]
    pub output_schema: Option<Value>,
    pub base_url: String,
    #[serde(default = "get")]
    pub http_method: HttpMethod,
    pub endpoint_path: String,
    /// Header name → template.
    #[serde(default)]
    pub headers_template: BTreeMap<String, String>,
    /// Query parameter → template.
    #[serde(default)]
    pub query_template: BTreeMap<String, String>,
    /// A JSON value in which a string `"{argument}"` stands for the argument, whatever its type.
    #[serde(default)]
    pub body_template: Option<Value>,
    #[serde(default = "no_auth")]
    pub auth_strategy: AuthStrategy,
    #[serde(default)]
    pub auth_config: AuthConfig,
    /// Write-only: left out, an existing secret stays.
    #[serde(default, skip_serializing)]
    pub auth_secret: Option<String>,
    /// In its place, the name of a secret in the project's vault.
    #[serde(default)]
    pub auth_secret_name: Option<String>,
    #[serde(default)]
    pub require_member: bool,
    #[serde(default)]
    pub inject_member_identity: bool,
    #[serde(default)]
    pub annotations: AnnotationsInput,
    #[serde(default)]
    pub icons: Vec<Icon>,
    #[serde(default = "default_timeout_ms")]
    pub timeout_ms: i64,
    /// Left out: any number.
    #[serde(default)]
    pub max_concurrency: Option<i64>,
    #[serde(default = "default_max_response_bytes")]
    pub max_response_bytes: i64,
    /// How often a call that went wrong is sent once more; for idempotent tools only.
    #[serde(default)]
    pub max_retries: i64,
    #[serde(default = "enabled")]
    pub is_enabled: bool,
}

impl std::fmt::Debug for ToolInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ToolInput")
            .field("name", &self.name)
            .field(
                "auth_secret",
                &self.auth_secret.as_ref().map(|_| "redacted"),
            )
            .finish_non_exhaustive()
    }
}

fn empty_object_schema() -> Value {
    serde_json::json!({ "type": "object", "properties": {} })
}
const fn get() -> HttpMethod {
    HttpMethod::Get
}
const fn no_auth() -> AuthStrategy {
    AuthStrategy::None
}
const fn default_timeout_ms() -> i64 {
    30_000
}
const fn default_max_response_bytes() -> i64 {
    1_048_576
}
const fn enabled() -> bool {
    true
}

/// A tool that passed validation, as it is stored.
#[derive(Clone, PartialEq)]
pub struct Tool {
    pub id: ToolId,
    pub project_id: ProjectId,
    /// Unique in the project; `^[a-zA-Z0-9_-]{1,64}$`.
    pub name: String,
    pub title: String,
    pub description: String,
    /// JSON Schema 2020-12, an object at the top.
    pub input_schema: Map<String, Value>,
    /// Whether that schema asks clients to repeat arguments in headers (MCP 2026-07-28,
    /// `x-mcp-header`).
    pub mirrors_arguments: bool,
    pub output_schema: Option<Map<String, Value>>,
    /// An origin: scheme, host and port only, without a slash at the end.
    pub base_url: String,
    pub http_method: HttpMethod,
    /// Starts with `/`; may hold `{argument}`.
    pub endpoint_path: String,
    pub headers_template: BTreeMap<String, String>,
    pub query_template: BTreeMap<String, String>,
    pub body_template: Option<Value>,
    pub auth_strategy: AuthStrategy,
    pub auth_config: AuthConfig,
    pub auth_secret: Option<ToolSecret>,
    pub require_member: bool,
    pub inject_member_identity: bool,
    pub annotations: Annotations,
    pub icons: Vec<Icon>,
    /// Milliseconds of all of a call: the wait for its turn, connecting, and each attempt to the last
    /// byte of its answer.
    pub timeout_ms: i64,
    pub max_response_bytes: i64,
    /// Calls that may run at once in one process; `None`: any number.
    pub max_concurrency: Option<i64>,
    /// How often a call that went wrong is sent once more; 0 where `idempotent_hint` is false.
    pub max_retries: i64,
    pub is_enabled: bool,
    /// Since when its hint says that it changes nothing; `None` where it does not say so.
    pub read_only_since: Option<Timestamp>,
    /// Which one of its versions this is: 1 as it was made, and one more with each change.
    pub version: i64,
    /// When what people approve of it last changed ([`Tool::since`]).
    pub described_at: Timestamp,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Tool {
    /// Bytes of its longest fields as JSON: how large it is, more or less.
    #[must_use]
    pub fn text_bytes(&self) -> u64 {
        let longest = (
            (&self.description, &self.input_schema, &self.output_schema),
            (&self.headers_template, &self.query_template),
            (&self.body_template, &self.icons),
        );
        // Beside them names, ids and hints.
        json_size(&longest, usize::MAX).map_or(u64::MAX, |bytes| 500 + bytes as u64)
    }
}

impl std::fmt::Debug for Tool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tool")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("auth_secret", &self.auth_secret)
            .finish_non_exhaustive()
    }
}

/// Whether a schema's text may hold an `x-mcp-header`.
pub(super) fn mirrors_arguments(input_schema: &str) -> bool {
    input_schema.contains("\"x-mcp-header\"")
}

/// A tool of an input that nobody checked. For tests.
#[cfg(any(test, feature = "test-support"))]
pub(crate) fn unchecked(input: &ToolInput) -> Tool {
    let object = |schema: &Value| schema.as_object().cloned().unwrap_or_default();
    Tool {
        id: ToolId::from("tool_unchecked"),
        project_id: ProjectId::from("prj_unchecked"),
        name: input.name.clone(),
        title: input.title.clone(),
        description: input.description.clone(),
        input_schema: object(&input.input_schema),
        mirrors_arguments: false,
        output_schema: input.output_schema.as_ref().map(object),
        base_url: input.base_url.clone(),
        http_method: input.http_method,
        endpoint_path: input.endpoint_path.clone(),
        headers_template: input.headers_template.clone(),
        query_template: input.query_template.clone(),
        body_template: input.body_template.clone(),
        auth_strategy: input.auth_strategy,
        auth_config: input.auth_config.clone(),
        auth_secret: None,
        require_member: input.require_member,
        inject_member_identity: input.inject_member_identity,
        annotations: Annotations::guessed_from(input.http_method),
        icons: input.icons.clone(),
        timeout_ms: input.timeout_ms,
        max_response_bytes: input.max_response_bytes,
        max_concurrency: input.max_concurrency,
        max_retries: input.max_retries,
        is_enabled: input.is_enabled,
        read_only_since: None,
        version: 1,
        described_at: Timestamp(0),
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    }
}

impl Tool {
    /// The tool as an input that would make it again, without its secret. A hint that is what the
    /// method promises is left out: with another method it is guessed anew, and no tool that begins
    /// to write goes on saying that it only reads.
    #[must_use]
    pub fn as_input(&self) -> ToolInput {
        ToolInput {
            name: self.name.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            input_schema: Value::Object(self.input_schema.clone()),
            output_schema: self.output_schema.clone().map(Value::Object),
            base_url: self.base_url.clone(),
            http_method: self.http_method,
            endpoint_path: self.endpoint_path.clone(),
            headers_template: self.headers_template.clone(),
            query_template: self.query_template.clone(),
            body_template: self.body_template.clone(),
            auth_strategy: self.auth_strategy,
            auth_config: self.auth_config.clone(),
            auth_secret: None,
            auth_secret_name: match &self.auth_secret {
                Some(ToolSecret::Named(secret)) => Some(secret.name.clone()),
                Some(ToolSecret::Own(_)) | None => None,
            },
            require_member: self.require_member,
            inject_member_identity: self.inject_member_identity,
            annotations: self.annotations.beyond(self.http_method),
            icons: self.icons.clone(),
            timeout_ms: self.timeout_ms,
            max_response_bytes: self.max_response_bytes,
            max_concurrency: self.max_concurrency,
            max_retries: self.max_retries,
            is_enabled: self.is_enabled,
        }
    }
}
