//! How a secret is sent, in the form of a tool and in that of a secret in the vault.

use leptos::prelude::*;

use super::field::TextField;

/// The ways that need nothing but a secret: value and text of each.
pub const WAYS: [(&str, &str); 6] = [
    ("static_bearer", "Bearer token (Authorization: Bearer …)"),
    ("basic", "User name and password (Authorization: Basic …)"),
    ("api_key_header", "API key in a header"),
    ("api_key_query", "API key in the query"),
    ("hmac_signature", "HMAC signature (X-Tengine-Signature)"),
    ("standard_webhooks", "Signature by Standard Webhooks"),
];

/// What some ways need to know besides, each shown where its way is chosen (`style/pages/tools.css`).
#[component]
pub fn WaySettings(header: String, parameter: String, username: String) -> impl IntoView {
    view! {
        <div class="of-strategy of-api-key-header">
            <TextField
                label="Header"
                field="auth_config.header"
                id="auth_header"
                name="form[auth_header]"
                value=header
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
                value=parameter
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
                value=username
                hint="The secret is the password."
            />
        </div>
    }
    .into_any()
}
