//! A tool between its form, where everything is text, and the domain's input.

use std::collections::BTreeMap;

use domain::{
    Error,
    error::Rules,
    tools::{AnnotationsInput, AuthConfig, AuthStrategy, HttpMethod, Tool, ToolInput},
};
use serde::Serialize;
use serde_json::{Value, json};

use super::errors::internal;
use crate::api::{UiError, tools::ToolForm};

/// What the form of a new tool begins with. A text, so that its order is that of the guides.
const FIRST_SCHEMA: &str = r#"{
  "type": "object",
  "properties": {
    "id": { "type": "string", "description": "Which one to fetch" }
  },
  "required": ["id"]
}"#;

/// The form to register a tool with.
pub(crate) fn empty() -> ToolForm {
    ToolForm {
        http_method: "GET".to_owned(),
        input_schema: FIRST_SCHEMA.to_owned(),
        auth_strategy: "none".to_owned(),
        read_only_hint: "auto".to_owned(),
        destructive_hint: "auto".to_owned(),
        idempotent_hint: "auto".to_owned(),
        open_world_hint: "auto".to_owned(),
        timeout_ms: "30000".to_owned(),
        max_response_bytes: "1048576".to_owned(),
        max_retries: "0".to_owned(),
        is_enabled: true,
        ..ToolForm::default()
    }
}

/// The form of a tool that exists, without its secret.
pub(crate) fn shown(tool: &Tool) -> Result<ToolForm, UiError> {
    proposed(&tool.as_input())
}

/// The form of a tool that somebody may save, with the secret that it came with.
pub(crate) fn proposed(tool: &ToolInput) -> Result<ToolForm, UiError> {
    let hint = |hint: Option<bool>| {
        match hint {
            Some(true) => "yes",
            Some(false) => "no",
            None => "auto",
        }
        .to_owned()
    };
    let json = |value: Option<&Value>| value.map(pretty).transpose();
    Ok(ToolForm {
        name: tool.name.clone(),
        title: tool.title.clone(),
        description: tool.description.clone(),
        base_url: tool.base_url.clone(),
        http_method: tool.http_method.to_string(),
        endpoint_path: tool.endpoint_path.clone(),
        input_schema: pretty(&tool.input_schema)?,
        output_schema: json(tool.output_schema.as_ref())?.unwrap_or_default(),
        headers_template: lines(&tool.headers_template, ": "),
        query_template: lines(&tool.query_template, "="),
        body_template: json(tool.body_template.as_ref())?.unwrap_or_default(),
        auth_strategy: tool.auth_strategy.to_string(),
        auth_header: tool.auth_config.header.clone().unwrap_or_default(),
        auth_parameter: tool.auth_config.parameter.clone().unwrap_or_default(),
        auth_username: tool.auth_config.username.clone().unwrap_or_default(),
        auth_secret: tool.auth_secret.clone().unwrap_or_default(),
        auth_secret_name: tool.auth_secret_name.clone().unwrap_or_default(),
        require_member: tool.require_member,
        inject_member_identity: tool.inject_member_identity,
        read_only_hint: hint(tool.annotations.read_only_hint),
        destructive_hint: hint(tool.annotations.destructive_hint),
        idempotent_hint: hint(tool.annotations.idempotent_hint),
        open_world_hint: hint(tool.annotations.open_world_hint),
        timeout_ms: tool.timeout_ms.to_string(),
        max_response_bytes: tool.max_response_bytes.to_string(),
        max_concurrency: tool
            .max_concurrency
            .map(|most| most.to_string())
            .unwrap_or_default(),
        max_retries: tool.max_retries.to_string(),
        icons: if tool.icons.is_empty() {
            String::new()
        } else {
            pretty(&tool.icons)?
        },
        is_enabled: tool.is_enabled,
    })
}

/// What a filled-in form says. The rules of a tool itself are the domain's; here is judged only
/// what the domain's types cannot hold.
pub(crate) fn read(form: ToolForm) -> Result<ToolInput, Error> {
    let mut broken = Rules::default();
    let method = form.http_method.parse();
    broken.check(
        method.is_ok(),
        "http_method",
        "Choose a method from the list.",
    );
    let strategy = form.auth_strategy.parse();
    broken.check(
        strategy.is_ok(),
        "auth_strategy",
        "Choose a strategy from the list.",
    );
    let input_schema = read_json(&mut broken, "input_schema", &form.input_schema);
    let output_schema = read_json(&mut broken, "output_schema", &form.output_schema);
    let body_template = read_json(&mut broken, "body_template", &form.body_template);
    let headers_template = read_lines(&mut broken, "headers_template", &form.headers_template, ':');
    let query_template = read_lines(&mut broken, "query_template", &form.query_template, '=');
    let timeout_ms = read_number(&mut broken, "timeout_ms", &form.timeout_ms);
    let max_response_bytes =
        read_number(&mut broken, "max_response_bytes", &form.max_response_bytes);
    let max_concurrency = match form.max_concurrency.trim() {
        "" => None,
        most => Some(read_number(&mut broken, "max_concurrency", most)),
    };
    let max_retries = read_number(&mut broken, "max_retries", &form.max_retries);
    let icons = read_json(&mut broken, "icons", &form.icons)
        .map(serde_json::from_value)
        .transpose();
    broken.check(
        icons.is_ok(),
        "icons",
        "Use a JSON list like [{\"src\": \"https://…/icon.png\", \"sizes\": [\"48x48\"]}].",
    );
    broken.finish()?;
    // What is left in a field of another strategy is not shown, and so not meant.
    let of = |owner, text: String| (strategy == Ok(owner)).then(|| text.trim().to_owned());
    let auth_config = AuthConfig {
        header: of(AuthStrategy::ApiKeyHeader, form.auth_header),
        parameter: of(AuthStrategy::ApiKeyQuery, form.auth_parameter),
        username: of(AuthStrategy::Basic, form.auth_username),
    };
    let has_secret = strategy != Ok(AuthStrategy::None);
    Ok(ToolInput {
        name: form.name.trim().to_owned(),
        title: form.title,
        description: form.description,
        input_schema: input_schema.unwrap_or_else(|| json!({ "type": "object" })),
        output_schema,
        base_url: form.base_url.trim().to_owned(),
        http_method: method.unwrap_or(HttpMethod::Get),
        endpoint_path: form.endpoint_path.trim().to_owned(),
        headers_template,
        query_template,
        body_template,
        auth_strategy: strategy.unwrap_or(AuthStrategy::None),
        auth_config,
        auth_secret: Some(form.auth_secret).filter(|secret| !secret.is_empty() && has_secret),
        auth_secret_name: Some(form.auth_secret_name).filter(|name| !name.is_empty() && has_secret),
        require_member: form.require_member,
        inject_member_identity: form.inject_member_identity,
        annotations: AnnotationsInput {
            read_only_hint: read_hint(&form.read_only_hint),
            destructive_hint: read_hint(&form.destructive_hint),
            idempotent_hint: read_hint(&form.idempotent_hint),
            open_world_hint: read_hint(&form.open_world_hint),
        },
        icons: icons.ok().flatten().unwrap_or_default(),
        timeout_ms,
        max_response_bytes,
        max_concurrency,
        max_retries,
        is_enabled: form.is_enabled,
    })
}

fn pretty(value: &impl Serialize) -> Result<String, UiError> {
    serde_json::to_string_pretty(value).map_err(internal)
}

fn lines(templates: &BTreeMap<String, String>, between: &str) -> String {
    let lines = templates
        .iter()
        .map(|(name, value)| format!("{name}{between}{value}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn read_json(broken: &mut Rules, field: &str, text: &str) -> Option<Value> {
    if text.trim().is_empty() {
        return None;
    }
    match serde_json::from_str(text) {
        Ok(value) => Some(value),
        Err(why) => {
            broken.check(false, field, format!("This is not JSON: {why}."));
            None
        }
    }
}

fn read_lines(
    broken: &mut Rules,
    field: &str,
    text: &str,
    between: char,
) -> BTreeMap<String, String> {
    let mut templates = BTreeMap::new();
    for (index, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        match line.split_once(between) {
            Some((name, value)) if !name.trim().is_empty() => {
                templates.insert(name.trim().to_owned(), value.trim().to_owned());
            }
            _ => broken.check(
                false,
                field,
                format!("Line {} has no name before a {between:?}.", index + 1),
            ),
        }
    }
    templates
}

fn read_number(broken: &mut Rules, field: &str, text: &str) -> i64 {
    let number = text.trim().parse();
    broken.check(number.is_ok(), field, "Give a whole number.");
    number.unwrap_or_default()
}

fn read_hint(text: &str) -> Option<bool> {
    match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_with_several_mistakes_names_them_all() {
        let form = ToolForm {
            input_schema: "{".to_owned(),
            headers_template: "X-Team: {team}\nno colon here".to_owned(),
            timeout_ms: "soon".to_owned(),
            ..empty()
        };
        let Err(Error::Invalid(fields)) = read(form) else {
            panic!("the form was accepted");
        };
        let names: Vec<_> = fields
            .iter()
            .map(|problem| problem.field.as_str())
            .collect();
        assert_eq!(names, ["input_schema", "headers_template", "timeout_ms"]);
    }

    #[test]
    fn only_the_settings_of_the_chosen_strategy_are_meant() {
        let form = ToolForm {
            auth_strategy: "basic".to_owned(),
            auth_header: "X-Key".to_owned(),
            auth_username: " ada ".to_owned(),
            ..empty()
        };
        let config = read(form).expect("the form is right").auth_config;
        assert_eq!(
            (config.username.as_deref(), config.header),
            (Some("ada"), None)
        );
    }

    #[test]
    fn templates_are_read_a_line_each() {
        let form = ToolForm {
            headers_template: "X-Team: {team}\n\nX-Url: http://a:1".to_owned(),
            query_template: "q={text}\nexact=a=b".to_owned(),
            ..empty()
        };
        let input = read(form).expect("the form is right");
        assert_eq!(input.headers_template["X-Url"], "http://a:1");
        assert_eq!(input.query_template["exact"], "a=b");
        assert_eq!(
            lines(&input.headers_template, ": "),
            "X-Team: {team}\nX-Url: http://a:1"
        );
    }
}
