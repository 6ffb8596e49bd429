//! How the endpoint knows us, in the tool's form.

use leptos::prelude::*;

use super::fold::Fold;
use crate::{
    api::tools::ToolForm,
    components::field::{CheckField, PickField, SelectField, TextField},
};

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
pub fn Authentication(form: ToolForm, has_secret: bool, vault: Vec<String>) -> impl IntoView {
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
        >
            <SelectField
                label="Authentication"
                field="auth_strategy"
                name="form[auth_strategy]"
                value=form.auth_strategy
                options=STRATEGIES
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
