//! Where the document is, and how its operations become tools.

use leptos::prelude::*;

use crate::{
    api::tool_sources::{ImportForm, PlanImport},
    components::{
        button::{Button, ButtonKind},
        failure::FormFailure,
        field::{AreaField, CheckField, PickField, TextField},
        form::{Form, SentForm, sent},
    },
};

/// The fields that show their own problems.
const FIELDS: &[&str] = &["url", "document", "server", "select", "username", "secret"];
/// Those that are folded.
const FOLDED: &[&str] = &["server", "select", "username", "secret"];

#[component]
pub fn Source(
    project_id: String,
    vault: Vec<String>,
    /// What was looked at, where something was.
    form: ImportForm,
) -> impl IntoView {
    let plan = SentForm::from(&sent::<PlanImport>());
    let folds_problem = FOLDED.iter().any(|field| plan.about(field).is_some());
    let (url, document) = (form.url.clone(), form.document.clone());
    view! {
        <Form of=plan class="card stack" shows=true>
            <input type="hidden" name="project_id" value=project_id />
            <FormFailure fields=FIELDS />
            <TextField
                label="URL of the document"
                field="url"
                name="form[url]"
                value=url
                placeholder="https://example.com/openapi.json"
                is_code=true
            />
            // Only with wasm, which reads it: a form without it holds texts.
            <div class="field with-wasm">
                <label for="document-file">"Or a file"</label>
                <input
                    id="document-file"
                    class="input"
                    type="file"
                    accept=".json,.yaml,.yml,application/json,application/yaml"
                    data-into="document"
                />
            </div>
            <AreaField
                label="Or the document itself"
                field="document"
                name="form[document]"
                value=document
                rows=6
                placeholder="openapi: 3.1.0"
                is_code=true
            />
            <details class="fold" open=folds_problem>
                <summary>
                    "Server, secret and selection"
                    <span class="hint">"where the API is, and what it asks for"</span>
                </summary>
                <div class="fold-body">
                    <Options vault form />
                </div>
            </details>
            <div class="cluster">
                <Button kind=ButtonKind::Primary>
                    "Show what it has"
                </Button>
            </div>
        </Form>
    }
    .into_any()
}

#[component]
fn Options(vault: Vec<String>, form: ImportForm) -> impl IntoView {
    let options = std::iter::once((String::new(), "None".to_owned()))
        .chain(vault.into_iter().map(|name| (name.clone(), name)))
        .collect::<Vec<_>>();
    view! {
        <TextField
            label="Server"
            field="server"
            name="form[server]"
            value=form.server
            placeholder="https://api.example.com/v1"
            hint="Where the document does not say, or says something else."
            is_code=true
        />
        <PickField
            label="Secret of the vault"
            field="secret_name"
            name="form[secret_name]"
            value=form.secret_name
            options=options
            hint="An OAuth 2 client of the vault serves operations with a bearer token."
        />
        <div class="two">
            <TextField
                label="Or a secret"
                field="secret"
                name="form[secret]"
                kind="password"
                hint="Goes into each tool that needs one, at one server only."
            />
            <TextField
                label="User name"
                field="username"
                name="form[username]"
                value=form.username
                hint="For Basic authentication."
            />
        </div>
        <AreaField
            label="Only these operations"
            field="select"
            name="form[select]"
            value=form.select
            rows=2
            placeholder="GET /v1/contacts*"
            hint="A pattern a line: an operation’s id, a tag, or METHOD /path; * is any text. Empty: all, up to 2,000."
            is_code=true
        />
        <CheckField
            label="Overwrite tools of the same name that call something else"
            field="overwrite"
            name="form[overwrite]"
            is_checked=form.overwrite
        />
    }
    .into_any()
}
