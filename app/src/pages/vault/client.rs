//! The fields of a secret that is an OAuth 2 client's.

use leptos::prelude::*;

use crate::{
    api::vault::VaultForm,
    components::field::{SelectField, TextField},
};

const PROOFS: &[(&str, &str)] = &[
    ("basic", "HTTP Basic (client_secret_basic)"),
    ("post", "In the form (client_secret_post)"),
    ("none", "It has no secret (public client, PKCE)"),
];

/// What another server knows us by.
#[component]
pub(super) fn Client(form: VaultForm) -> impl IntoView {
    view! {
        <div class="stack">
            <TextField
                label="Client ID"
                field="oauth2.client_id"
                id="client_id"
                name="form[client_id]"
                value=form.client_id
                is_code=true
            />
            <TextField
                label="Token URL"
                field="oauth2.token_url"
                id="token_url"
                name="form[token_url]"
                value=form.token_url
                placeholder="https://login.example.com/token"
                is_code=true
            />
            <TextField
                label="Authorization URL"
                field="oauth2.authorization_url"
                id="authorization_url"
                name="form[authorization_url]"
                value=form.authorization_url
                placeholder="https://login.example.com/auth"
                hint="Only for tools that act for a person: where people give leave. Empty for client credentials."
                is_code=true
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
                />
                <TextField
                    label="Audience"
                    field="oauth2.audience"
                    id="audience"
                    name="form[audience]"
                    value=form.audience
                    hint="Where the other server asks for one; mostly empty."
                    is_code=true
                />
            </div>
            <SelectField
                label="How the client proves itself"
                field="oauth2.client_auth"
                name="form[client_auth]"
                value=form.client_auth
                options=PROOFS
            />
        </div>
    }
    .into_any()
}
