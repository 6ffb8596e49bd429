//! How the endpoint knows us, in the tool's form.

use leptos::prelude::*;

use super::fold::Fold;
use crate::{
    api::tools::ToolForm,
    components::{
        field::{CheckField, PickField, TextField},
        secret_way::{WAYS, WaySettings},
    },
};

/// Those that need more than a secret, or none.
const NONE: (&str, &str) = ("none", "None");
const BY_TOKEN: [(&str, &str); 2] = [
    (
        "oauth2_client_credentials",
        "OAuth 2, for this project (client credentials)",
    ),
    (
        "oauth2_authorization_code",
        "OAuth 2, for the person who calls",
    ),
];

fn strategies() -> Vec<(String, String)> {
    let all = std::iter::once(NONE).chain(WAYS).chain(BY_TOKEN);
    all.map(|(value, text)| (value.to_owned(), text.to_owned()))
        .collect()
}

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
            <PickField
                label="Authentication"
                field="auth_strategy"
                name="form[auth_strategy]"
                value=form.auth_strategy
                options=strategies()
            />
            <WaySettings
                header=form.auth_header
                parameter=form.auth_parameter
                username=form.auth_username
            />
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
