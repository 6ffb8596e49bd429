//! The folded parts of the tool's form: what many tools do not need.

use leptos::prelude::*;

use crate::{
    api::{FieldProblem, tools::ToolForm},
    components::field::{AreaField, CheckField, PickField, SelectField, TextField},
};

/// A part that is closed until someone opens it, or something in it needs mending.
#[component]
fn Fold(
    title: &'static str,
    hint: &'static str,
    fields: &'static [&'static str],
    #[prop(optional)] is_open: bool,
    problems: Signal<Vec<FieldProblem>>,
    children: Children,
) -> impl IntoView {
    let must_open = Memo::new(move |_| {
        problems.with(|all| {
            all.iter()
                .any(|problem| fields.iter().any(|field| problem.is_about(field)))
        })
    });
    view! {
        <details class="fold" open=move || is_open || must_open.get()>
            <summary>
                {title}
                <span class="hint">{hint}</span>
            </summary>
            <div class="fold-body">{children()}</div>
        </details>
    }
    .into_any()
}

/// Headers, query and body.
#[component]
pub fn Templates(form: ToolForm, problems: Signal<Vec<FieldProblem>>) -> impl IntoView {
    let is_open = !(form.headers_template.is_empty()
        && form.query_template.is_empty()
        && form.body_template.is_empty());
    view! {
        <Fold
            title="Headers, query and body"
            hint="where arguments go, if not by themselves"
            fields=&["headers_template", "query_template", "body_template"]
            is_open
            problems
        >
            <AreaField
                label="Headers"
                field="headers_template"
                name="form[headers_template]"
                value=form.headers_template
                rows=3
                placeholder="X-Team: {team}"
                hint="A header a line. An argument in braces takes its place."
                is_code=true
                problems
            />
            <AreaField
                label="Query parameters"
                field="query_template"
                name="form[query_template]"
                value=form.query_template
                rows=3
                placeholder="q={text}"
                hint="A parameter a line, as name=value."
                is_code=true
                problems
            />
            <AreaField
                label="Body template"
                field="body_template"
                name="form[body_template]"
                value=form.body_template
                rows=5
                placeholder="{\n  \"contact\": { \"email\": \"{email}\" }\n}"
                hint="JSON, in which a string \"{argument}\" stands for the argument, whatever its type."
                is_code=true
                problems
            />
        </Fold>
    }
    .into_any()
}

const STRATEGIES: &[(&str, &str)] = &[
    ("none", "None"),
    ("static_bearer", "Bearer token (Authorization: Bearer …)"),
    ("basic", "User name and password (Authorization: Basic …)"),
    ("api_key_header", "API key in a header"),
    ("api_key_query", "API key in the query"),
    ("hmac_signature", "HMAC signature (X-Tengine-Signature)"),
    ("standard_webhooks", "Signature by Standard Webhooks"),
    (
        "oauth2_client_credentials",
        "OAuth 2, for this project (client credentials)",
    ),
    (
        "oauth2_authorization_code",
        "OAuth 2, for the person who calls",
    ),
];

fn vault_options(names: Vec<String>) -> Vec<(String, String)> {
    let none = (String::new(), "None".to_owned());
    let named = names.into_iter().map(|name| (name.clone(), name));
    std::iter::once(none).chain(named).collect()
}

/// How the endpoint knows us, and whom the call is for.
#[component]
pub fn Authentication(
    form: ToolForm,
    has_secret: bool,
    vault: Vec<String>,
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let is_open =
        form.auth_strategy != "none" || form.require_member || form.inject_member_identity;
    view! {
        <Fold
            title="Authentication and identity"
            hint="how your endpoint knows the call is ours, and whose it is"
            fields=&[
                "auth_strategy",
                "auth_config.header",
                "auth_config.parameter",
                "auth_config.username",
                "auth_secret",
                "auth_secret_name",
            ]
            is_open
            problems
        >
            <SelectField
                label="Authentication"
                field="auth_strategy"
                name="form[auth_strategy]"
                value=form.auth_strategy
                options=STRATEGIES
                problems
            />
            // Each is shown with its strategy: style/main.css.
            <div class="of-strategy of-api-key-header">
                <TextField
                    label="Header"
                    field="auth_config.header"
                    id="auth_header"
                    name="form[auth_header]"
                    value=form.auth_header
                    placeholder="X-API-Key"
                    hint="The header that the key is sent in."
                    problems
                />
            </div>
            <div class="of-strategy of-api-key-query">
                <TextField
                    label="Query parameter"
                    field="auth_config.parameter"
                    id="auth_parameter"
                    name="form[auth_parameter]"
                    value=form.auth_parameter
                    placeholder="api_key"
                    hint="The query parameter that the key is sent in."
                    problems
                />
            </div>
            <div class="of-strategy of-basic">
                <TextField
                    label="User name"
                    field="auth_config.username"
                    id="auth_username"
                    name="form[auth_username]"
                    value=form.auth_username
                    hint="The secret is the password."
                    problems
                />
            </div>
            <div class="with-secret stack">
                <PickField
                    label="Secret of the vault"
                    field="auth_secret_name"
                    name="form[auth_secret_name]"
                    value=form.auth_secret_name
                    options=vault_options(vault)
                    hint="The project’s vault keeps secrets that several tools use, and OAuth 2 clients."
                    problems
                />
                <div class="not-oauth">
                    <TextField
                        label="Or a secret of this tool alone"
                        field="auth_secret"
                        name="form[auth_secret]"
                        kind="password"
                        value=form.auth_secret
                        hint=if has_secret {
                            "One is stored; leave this empty to keep it. It is never shown again."
                        } else {
                            "The token, the key or the password. Stored encrypted and never shown again."
                        }
                        problems
                    />
                </div>
            </div>
            <CheckField
                label="Needs a signed-in person"
                field="require_member"
                name="form[require_member]"
                is_checked=form.require_member
                hint="Refuses calls that no member approved, such as client credentials."
            />
            <CheckField
                label="Send the person's identity"
                field="inject_member_identity"
                name="form[inject_member_identity]"
                is_checked=form.inject_member_identity
                hint="Their id, email and role go along as X-Tengine-Member-* headers."
            />
        </Fold>
    }
    .into_any()
}

const HINTS: &[(&str, &str)] = &[
    ("auto", "Guess from the method"),
    ("yes", "Yes"),
    ("no", "No"),
];

/// Limits, the answer's schema, and the hints that clients show to people.
#[component]
pub fn Limits(form: ToolForm, problems: Signal<Vec<FieldProblem>>) -> impl IntoView {
    view! {
        <Fold
            title="Limits and hints"
            hint="timeout, largest answer, what the tool promises"
            fields=&[
                "timeout_ms",
                "max_response_bytes",
                "max_concurrency",
                "max_retries",
                "output_schema",
                "icons",
            ]
            problems
        >
            <div class="two">
                <TextField
                    label="Timeout (milliseconds)"
                    field="timeout_ms"
                    name="form[timeout_ms]"
                    value=form.timeout_ms
                    hint="Claude itself gives up after 300,000."
                    problems
                />
                <TextField
                    label="Largest answer (bytes)"
                    field="max_response_bytes"
                    name="form[max_response_bytes]"
                    value=form.max_response_bytes
                    problems
                />
                <TextField
                    label="Most calls at once"
                    field="max_concurrency"
                    name="form[max_concurrency]"
                    value=form.max_concurrency
                    hint="Empty: any number. The next one waits for its turn."
                    problems
                />
                <TextField
                    label="Retries"
                    field="max_retries"
                    name="form[max_retries]"
                    value=form.max_retries
                    hint="0 to 5, for idempotent tools only: a call that went wrong is sent once more."
                    problems
                />
            </div>
            <div class="two">
                <SelectField
                    label="Read-only"
                    field="read_only_hint"
                    name="form[read_only_hint]"
                    value=form.read_only_hint
                    options=HINTS
                    hint="It changes nothing."
                />
                <SelectField
                    label="Destructive"
                    field="destructive_hint"
                    name="form[destructive_hint]"
                    value=form.destructive_hint
                    options=HINTS
                    hint="It may overwrite or delete."
                />
                <SelectField
                    label="Idempotent"
                    field="idempotent_hint"
                    name="form[idempotent_hint]"
                    value=form.idempotent_hint
                    options=HINTS
                    hint="Calling it twice does no more than once."
                />
                <SelectField
                    label="Open world"
                    field="open_world_hint"
                    name="form[open_world_hint]"
                    value=form.open_world_hint
                    options=HINTS
                    hint="It reaches beyond a closed system."
                />
            </div>
            <AreaField
                label="Output schema"
                field="output_schema"
                name="form[output_schema]"
                value=form.output_schema
                rows=5
                hint="JSON Schema of the answer; may be left empty."
                is_code=true
                problems
            />
            <AreaField
                label="Icons"
                field="icons"
                name="form[icons]"
                value=form.icons
                rows=2
                hint="A JSON list of MCP icons, each with src: an https or data URL of an image. May be left empty."
                is_code=true
                problems
            />
        </Fold>
    }
    .into_any()
}
