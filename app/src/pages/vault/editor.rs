//! The form by which a secret is kept or replaced.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{client::Client, delete::Delete};
use crate::{
    api::vault::{SaveVaultSecret, VaultPage, load_vault_secret},
    components::{
        button::{Button, ButtonKind, LinkButton},
        copy::CopyField,
        failure::FormFailure,
        field::{AreaField, PickField, TextField},
        form::{Form, sent},
        loaded::Loaded,
        notice::Notice,
        secret_way::{WAYS, WaySettings},
    },
    pages::in_path,
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

#[component]
pub fn NewSecretPage() -> impl IntoView {
    view! { <Editor secret_id="new" title="Add a secret" /> }
}

#[component]
pub fn EditSecretPage() -> impl IntoView {
    view! { <Editor secret_id=in_path("secret_id") title="Edit secret" /> }
}

#[component]
fn Editor(#[prop(into)] secret_id: String, title: &'static str) -> impl IntoView {
    let page = load_vault_secret(in_path("project_id"), secret_id.clone());
    view! {
        <Title text=title />
        <div class="page-head">
            <h1>{title}</h1>
        </div>
        <Loaded from=page show=move |page| view! { <SecretEditor secret_id page /> } />
    }
    .into_any()
}

const CLIENT: (&str, &str) = ("oauth2_client", "Secret of an OAuth 2 client");

fn kinds() -> Vec<(String, String)> {
    let all = WAYS.into_iter().chain([CLIENT]);
    all.map(|(value, text)| (value.to_owned(), text.to_owned()))
        .collect()
}

#[component]
fn SecretEditor(secret_id: String, page: VaultPage) -> impl IntoView {
    let save = sent::<SaveVaultSecret>();
    let is_new = secret_id == "new";
    let VaultPage {
        form,
        redirect_uri,
        used_by,
        may_edit,
    } = page;
    let name = form.name.clone();
    let is_client = form.kind == "oauth2_client";
    let project_id = in_path("project_id");
    let delete = (!is_new && may_edit).then(|| {
        let secret_id = secret_id.clone();
        view! { <Delete secret_id name used_by is_client /> }
    });
    let back = format!("/projects/{project_id}/vault");
    view! {
        <div class="stack">
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
            <Form of=&save class="stack">
                <input type="hidden" name="project_id" value=project_id />
                <input type="hidden" name="secret_id" value=secret_id />
                <FormFailure fields=FIELDS />
                <section class="card stack">
                    <TextField
                        label="Name"
                        field="name"
                        name="form[name]"
                        value=form.name.clone()
                        placeholder="stripe_live"
                        hint="What tools call it by. A letter, then letters, digits, _ and -."
                        is_code=true
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
                    />
                    <PickField
                        label="Sent as"
                        field="auth_strategy"
                        name="form[kind]"
                        value=form.kind.clone()
                        options=kinds()
                        hint="Tools that use it send it so, and no other way."
                    />
                    <WaySettings
                        header=form.auth_header.clone()
                        parameter=form.auth_parameter.clone()
                        username=form.auth_username.clone()
                    />
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
                    />
                    <div class="of-strategy of-oauth-client">
                        {(!is_new)
                            .then(|| {
                                view! {
                                    <Notice>
                                        "People gave leave to this client, at these places. Another client ID, endpoint or audience, or more places to send to, ends the accounts that they connected: they connect again."
                                    </Notice>
                                }
                            })}
                        <Client form />
                    </div>
                </section>
                <div class="cluster">
                    <Button kind=ButtonKind::Primary is_disabled=!may_edit>
                        {if is_new { "Add secret" } else { "Save changes" }}
                    </Button>
                    <LinkButton href=back>
                        "Cancel"
                    </LinkButton>
                </div>
            </Form>
        </div>
        {delete}
    }
    .into_any()
}
