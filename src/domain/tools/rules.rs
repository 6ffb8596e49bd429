//! The one validation of a tool, whichever way it comes in.

use serde_json::Value;

use super::{
    Annotations, Tool, ToolInput, auth, definition::mirrors_arguments, icons, schema, secret,
};
use crate::{
    Core, FieldError, Result,
    clock::Timestamp,
    error::Rules,
    execute::{Network, template},
    ids::{ProjectId, ToolId},
    vault::VaultSecret,
};

/// What a tool has besides its definition.
pub(super) struct Identity<'a> {
    pub(super) id: ToolId,
    pub(super) project_id: ProjectId,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    /// What the version before sent its secret to.
    pub(super) previous: Option<&'a Tool>,
    /// The project's secrets, for the one that it names.
    pub(super) vault: &'a [VaultSecret],
}

const LONGEST_TITLE: usize = 120;
const LONGEST_DESCRIPTION: usize = 4_000;
const LONGEST_URL: usize = 2_000;
const LARGEST_TEMPLATE: usize = 65_536;
const DEEPEST_TEMPLATE: usize = 32;
/// Claude gives up on a call after 300 s.
const TIMEOUT_MS: std::ops::RangeInclusive<i64> = 100..=300_000;
const CONCURRENCY: std::ops::RangeInclusive<i64> = 1..=10_000;
/// More would only wait: each doubles the pause before it.
const RETRIES: std::ops::RangeInclusive<i64> = 0..=5;
const RESPONSE_BYTES: std::ops::RangeInclusive<i64> = 1_024..=16_777_216;

/// The tool that an input describes.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) with every rule that it breaks.
pub(super) fn checked(
    core: &Core,
    network: &Network,
    input: &ToolInput,
    identity: Identity<'_>,
) -> Result<Tool> {
    let mut broken = Rules::default();
    check_text(input, &mut broken);
    broken.check(is_name(&input.name), "name", NAME_RULE);
    let title = input.title.trim();
    broken.check(
        title.chars().count() <= LONGEST_TITLE && !title.chars().any(char::is_control),
        "title",
        format!("Use at most {LONGEST_TITLE} characters on one line."),
    );
    broken.check(
        input.description.chars().count() <= LONGEST_DESCRIPTION,
        "description",
        format!("Use at most {LONGEST_DESCRIPTION} characters."),
    );
    broken.check(
        !input.description.trim().is_empty(),
        "description",
        "Say in a sentence what the tool does and when to use it: it is all the model knows of it.",
    );
    let input_schema = broken.take(schema::check(&input.input_schema, "input_schema"));
    let output_schema = match &input.output_schema {
        None | Some(Value::Null) => None,
        Some(given) => Some(broken.take(schema::check(given, "output_schema"))),
    };
    let base_url = broken.take(
        network
            .checked_base_url(&input.base_url)
            .map_err(|message| FieldError {
                field: "base_url".to_owned(),
                message,
            }),
    );
    broken.extend(template::check(input));
    broken.extend(auth::check(input));
    broken.check(
        TIMEOUT_MS.contains(&input.timeout_ms),
        "timeout_ms",
        format!(
            "Use {} to {} milliseconds.",
            TIMEOUT_MS.start(),
            TIMEOUT_MS.end()
        ),
    );
    broken.check(
        RESPONSE_BYTES.contains(&input.max_response_bytes),
        "max_response_bytes",
        format!(
            "Use {} to {} bytes.",
            RESPONSE_BYTES.start(),
            RESPONSE_BYTES.end()
        ),
    );
    broken.check(
        input
            .max_concurrency
            .is_none_or(|most| CONCURRENCY.contains(&most)),
        "max_concurrency",
        format!(
            "Use {} to {} calls at once, or leave it out for any number.",
            CONCURRENCY.start(),
            CONCURRENCY.end()
        ),
    );
    let guessed = Annotations::guessed_from(input.http_method);
    let idempotent_hint = input
        .annotations
        .idempotent_hint
        .unwrap_or(guessed.idempotent_hint);
    broken.check(
        RETRIES.contains(&input.max_retries),
        "max_retries",
        format!("Use {} to {} retries.", RETRIES.start(), RETRIES.end()),
    );
    broken.check(
        input.max_retries < 1 || idempotent_hint,
        "max_retries",
        "Only a call that does no harm when it is sent twice is retried: set \
         annotations.idempotentHint to true if that is so, or max_retries to 0.",
    );
    if let Err(why) = icons::check(&input.icons) {
        broken.check(false, "icons", why);
    }
    let auth_secret = secret::checked(core, input, &identity, &base_url, &mut broken);
    broken.finish()?;

    let read_only_hint = input
        .annotations
        .read_only_hint
        .unwrap_or(guessed.read_only_hint);
    Ok(Tool {
        id: identity.id,
        project_id: identity.project_id,
        name: input.name.clone(),
        title: title.to_owned(),
        description: input.description.trim().to_owned(),
        mirrors_arguments: mirrors_arguments(&input.input_schema.to_string()),
        input_schema,
        output_schema,
        base_url,
        http_method: input.http_method,
        endpoint_path: input.endpoint_path.clone(),
        headers_template: input.headers_template.clone(),
        query_template: input.query_template.clone(),
        body_template: input.body_template.clone(),
        auth_strategy: input.auth_strategy,
        auth_config: auth::settled(&input.auth_config),
        auth_secret,
        require_member: input.require_member,
        inject_member_identity: input.inject_member_identity,
        annotations: Annotations {
            read_only_hint,
            destructive_hint: input
                .annotations
                .destructive_hint
                .unwrap_or(guessed.destructive_hint),
            idempotent_hint,
            open_world_hint: input
                .annotations
                .open_world_hint
                .unwrap_or(guessed.open_world_hint),
        },
        icons: input.icons.clone(),
        timeout_ms: input.timeout_ms,
        max_response_bytes: input.max_response_bytes,
        max_concurrency: input.max_concurrency,
        max_retries: input.max_retries,
        is_enabled: input.is_enabled,
        read_only_since: read_only_hint.then(|| {
            let before = identity.previous.and_then(|tool| tool.read_only_since);
            before.unwrap_or(identity.updated_at)
        }),
        // Those of the version before, until it is known whether this is another one.
        version: identity.previous.map_or(1, |tool| tool.version),
        described_at: (identity.previous).map_or(identity.created_at, |tool| tool.described_at),
        created_at: identity.created_at,
        updated_at: identity.updated_at,
    })
}

/// PostgreSQL stores no NUL, and no endpoint, model or person has a use for one; and every part of
/// a tool has a size at which it is a mistake.
fn check_text(input: &ToolInput, broken: &mut Rules) {
    let Ok(Value::Object(fields)) = serde_json::to_value(input) else {
        return;
    };
    for (name, value) in &fields {
        broken.check(!has_nul(value), name, "Leave out NUL characters.");
    }
    let size = |field: &str| fields.get(field).map_or(0, |value| value.to_string().len());
    for (field, most) in [
        ("base_url", LONGEST_URL),
        ("endpoint_path", LONGEST_URL),
        ("headers_template", LARGEST_TEMPLATE),
        ("query_template", LARGEST_TEMPLATE),
        ("body_template", LARGEST_TEMPLATE),
    ] {
        broken.check(
            size(field) <= most,
            field,
            format!("Use at most {most} bytes."),
        );
    }
    broken.check(
        input
            .body_template
            .as_ref()
            .is_none_or(|body| depth(body) <= DEEPEST_TEMPLATE),
        "body_template",
        format!("Nest at most {DEEPEST_TEMPLATE} levels."),
    );
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| name.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

const NAME_RULE: &str = "Use 1 to 64 of the characters a-z A-Z 0-9 _ and -, like \
     crm-contacts-get_by_id: one bad name hides the whole connector in Claude.";

/// Whether a tool can have this name: `^[a-zA-Z0-9_-]{1,64}$`.
#[must_use]
pub fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
