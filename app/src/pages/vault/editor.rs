//! The form by which a secret is kept or replaced.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;

use super::super::path_param;
use crate::{
    api::{
        FieldProblem,
        vault::{DeleteVaultSecret, SaveVaultSecret, VaultForm, VaultPage, load_vault_secret},
    },
    components::{
        copy::CopyField,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::{FormFailure, error_of, problems_of},
        field::{AreaField, SelectField, TextField},
        loaded::Loaded,
    },
};

/// The fields that show their own problems.
const FIELDS: &[&str] = &[
    "name",
    "origins",
    "value",
    "auth_strategy",
    "auth_config.header",
    "auth_config.parameter",
    "auth_config.username",
    "oauth2.client_id",
    "oauth2.token_url",
    "oauth2.authorization_url",
    "oauth2.scopes",
    "oauth2.audience",
    "oauth2.client_auth",
];

const DELETE: &str = "delete-secret";

#[component]
pub fn NewSecretPage() -> impl IntoView {
    view! { <Editor secret_id=Signal::stored("new".to_owned()) title="Add a secret" /> }
}

#[component]
pub fn EditSecretPage() -> impl IntoView {
    let secret_id = path_param("secret_id");
    view! { <Editor secret_id=secret_id.into() title="Edit secret" /> }
}

#[component]
fn Editor(secret_id: Signal<String>, title: &'static str) -> impl IntoView {
    let project_id = path_param("project_id");
    let page = Resource::new(
        move || (project_id.get(), secret_id.get()),
        |(project_id, secret_id)| load_vault_secret(project_id, secret_id),
    );
    view! {
        <Title text=title />
        <div class="page-head">
            <h1>{title}</h1>
        </div>
        <Loaded from=page show=move |page| view! { <SecretEditor project_id secret_id page /> } />
    }
    .into_any()
}

const KINDS: &[(&str, &str)] = &[
    ("static_bearer", "Bearer token (Authorization: Bearer …)"),
    ("basic", "Password, with a user name (Basic)"),
    ("api_key_header", "API key in a header"),
    ("api_key_query", "API key in the query"),
    ("hmac_signature", "Key to sign with (X-Tengine-Signature)"),
    ("standard_webhooks", "Key of Standard Webhooks"),
    ("oauth2_client", "Secret of an OAuth 2 client"),
];

#[component]
fn SecretEditor(
    project_id: Memo<String>,
    secret_id: Signal<String>,
    page: VaultPage,
) -> impl IntoView {
    let save = ServerAction::<SaveVaultSecret>::new();
    let error = error_of(save.value());
    let problems = problems_of(error);
    let is_new = secret_id.with_untracked(|id| id == "new");
    let VaultPage {
        form,
        redirect_uri,
        used_by,
        may_edit,
    } = page;
    let name = form.name.clone();
    let is_client = form.kind == "oauth2_client";
    let back = move || format!("/projects/{}/vault", project_id.get());
    view! {
        {redirect_uri
            .map(|uri| {
                view! {
                    <section class="card stack">
                        <h2>"Where the other server sends people back to"</h2>
                        <p>
                            "For tools that act for a person: enter this redirect URI in the client’s settings there."
                        </p>
                        <CopyField label="Redirect URI" value=uri />
                    </section>
                }
            })}
        <ActionForm action=save attr:class="stack">
            <input type="hidden" name="project_id" value=move || project_id.get() />
            <input type="hidden" name="secret_id" value=move || secret_id.get() />
            <FormFailure error fields=FIELDS />
            <section class="card stack">
                <TextField
                    label="Name"
                    field="name"
                    name="form[name]"
                    value=form.name.clone()
                    placeholder="stripe_live"
                    hint="What tools call it by. A letter, then letters, digits, _ and -."
                    is_code=true
                    problems
                />
                <AreaField
                    label="May be sent to"
                    field="origins"
                    name="form[origins]"
                    value=form.origins.clone()
                    rows=2
                    placeholder="https://api.stripe.com"
                    hint="An origin a line: scheme and host, as in a tool’s base URL. A tool with another base URL cannot use it."
                    is_code=true
                    problems
                />
                <SelectField
                    label="Sent as"
                    field="auth_strategy"
                    name="form[kind]"
                    value=form.kind.clone()
                    options=KINDS
                    hint="Tools that use it send it so, and no other way."
                    problems
                />
                <div class="of-strategy of-api-key-header">
                    <TextField
                        label="Header"
                        field="auth_config.header"
                        id="auth_header"
                        name="form[auth_header]"
                        value=form.auth_header.clone()
                        placeholder="X-API-Key"
                        problems
                    />
                </div>
                <div class="of-strategy of-api-key-query">
                    <TextField
                        label="Query parameter"
                        field="auth_config.parameter"
                        id="auth_parameter"
                        name="form[auth_parameter]"
                        value=form.auth_parameter.clone()
                        placeholder="api_key"
                        problems
                    />
                </div>
                <div class="of-strategy of-basic">
                    <TextField
                        label="User name"
                        field="auth_config.username"
                        id="auth_username"
                        name="form[auth_username]"
                        value=form.auth_username.clone()
                        problems
                    />
                </div>
                <TextField
                    label="Secret"
                    field="value"
                    name="form[value]"
                    kind="password"
                    hint=if is_new {
                        "Stored encrypted and never shown again."
                    } else {
                        "One is stored; leave this empty to keep it. It stays only where it would go no further than before."
                    }
                    problems
                />
                <div class="of-strategy of-oauth-client">
                    {(!is_new)
                        .then(|| {
                            view! {
                                <div class="notice">
                                    "People gave leave to this client, at these places. Another client ID, endpoint or audience, or more places to send to, ends the accounts that they connected: they connect again."
                                </div>
                            }
                        })}
                    <Client form problems />
                </div>
            </section>
            <div class="cluster">
                <button
                    type="submit"
                    class="btn btn-primary"
                    disabled=move || !may_edit || save.pending().get()
                >
                    {if is_new { "Add secret" } else { "Save changes" }}
                </button>
                <a class="btn" href=back>
                    "Cancel"
                </a>
            </div>
        </ActionForm>
        {(!is_new && may_edit).then(|| view! { <Delete project_id secret_id name used_by is_client /> })}
    }
    .into_any()
}

const PROOFS: &[(&str, &str)] = &[
    ("basic", "HTTP Basic (client_secret_basic)"),
    ("post", "In the form (client_secret_post)"),
    ("none", "It has no secret (public client, PKCE)"),
];

/// What another server knows us by.
#[component]
fn Client(form: VaultForm, problems: Signal<Vec<FieldProblem>>) -> impl IntoView {
    view! {
        <div class="stack">
            <TextField
                label="Client ID"
                field="oauth2.client_id"
                id="client_id"
                name="form[client_id]"
                value=form.client_id
                is_code=true
                problems
            />
            <TextField
                label="Token URL"
                field="oauth2.token_url"
                id="token_url"
                name="form[token_url]"
                value=form.token_url
                placeholder="https://login.example.com/oauth/token"
                is_code=true
                problems
            />
            <TextField
                label="Authorization URL"
                field="oauth2.authorization_url"
                id="authorization_url"
                name="form[authorization_url]"
                value=form.authorization_url
                placeholder="https://login.example.com/oauth/authorize"
                hint="Only for tools that act for a person: where people give leave. Empty for client credentials."
                is_code=true
                problems
            />
            <div class="two">
                <TextField
                    label="Scopes"
                    field="oauth2.scopes"
                    id="scopes"
                    name="form[scopes]"
                    value=form.scopes
                    placeholder="contacts.read offline_access"
                    hint="With spaces between."
                    is_code=true
                    problems
                />
                <TextField
                    label="Audience"
                    field="oauth2.audience"
                    id="audience"
                    name="form[audience]"
                    value=form.audience
                    hint="Where the other server asks for one; mostly empty."
                    is_code=true
                    problems
                />
            </div>
            <SelectField
                label="How the client proves itself"
                field="oauth2.client_auth"
                name="form[client_auth]"
                value=form.client_auth
                options=PROOFS
                problems
            />
        </div>
    }
    .into_any()
}

#[component]
fn Delete(
    project_id: Memo<String>,
    secret_id: Signal<String>,
    name: String,
    used_by: Vec<String>,
    is_client: bool,
) -> impl IntoView {
    let delete = ServerAction::<DeleteVaultSecret>::new();
    let node = NodeRef::<html::Dialog>::new();
    let ends = is_client.then(|| {
        view! { <p>"The accounts that people connected by it end with it."</p> }
    });
    let text = if used_by.is_empty() {
        "No tool uses it. It is gone from here at once; it may still be good where it came from."
            .to_owned()
    } else {
        format!(
            "Tools use it: {}. Give them another secret first.",
            used_by.join(", ")
        )
    };
    view! {
        <hr class="my-8 border-line" />
        <FormFailure error=error_of(delete.value()) fields=&[] />
        <OpenButton dialog=DELETE node class="btn btn-danger">
            "Delete secret"
        </OpenButton>
        <Dialog id=DELETE title=format!("Delete {name}?") node>
            <p>{text}</p>
            {ends}
            <ActionForm action=delete>
                <input type="hidden" name="project_id" value=move || project_id.get() />
                <input type="hidden" name="secret_id" value=move || secret_id.get() />
                <ConfirmActions dialog=DELETE node confirm="Yes, delete it" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}
