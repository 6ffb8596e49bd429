//! The dialog that shows a secret once.

use leptos::prelude::*;

use super::{badge::Tone, copy::CopyField, notice::Notice, shown_once::ShownOnce};
use crate::api::integrations::create::Credentials;

#[component]
pub fn OneTimeSecret(
    credentials: Credentials,
    title: &'static str,
    /// Where the reader goes then.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let file = env_file(&credentials);
    let download = view! {
        <button type="button" class="btn" data-download="tengine.env" data-text=file>
            "Download .env"
        </button>
    };
    view! {
        <ShownOnce id="one-time-secret" title next save=download.into_any()>
            <Shown shown=credentials />
        </ShownOnce>
    }
    .into_any()
}

#[component]
fn Shown(shown: Credentials) -> impl IntoView {
    view! {
        {match shown.client_secret {
            Some(secret) => {
                view! {
                    <Notice tone=Tone::Warning>
                        <strong>"The Client Secret is shown only now. "</strong>
                        "Copy or download it before you close this; if it is lost, it can only be rotated."
                    </Notice>
                    <CopyField label="Client ID" value=shown.client_id testid="client-id" />
                    <CopyField label="Client Secret" value=secret testid="client-secret" />
                }
                    .into_any()
            }
            None => {
                view! {
                    <Notice>
                        "This is a public client: it has no secret. Leave that field empty in your client."
                    </Notice>
                    <CopyField label="Client ID" value=shown.client_id testid="client-id" />
                }
                    .into_any()
            }
        }}
        <CopyField label="Server URL" value=shown.server_url testid="server-url" />
    }
    .into_any()
}

/// Ids, secrets and URLs hold no character that such a file would need to quote.
fn env_file(shown: &Credentials) -> String {
    let secret = shown.client_secret.as_deref().unwrap_or_default();
    format!(
        "TENGINE_CLIENT_ID={}\nTENGINE_CLIENT_SECRET={secret}\nTENGINE_SERVER_URL={}\n",
        shown.client_id, shown.server_url,
    )
}
