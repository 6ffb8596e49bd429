//! The MCP Inspector, which shows what a client would see.

use leptos::prelude::*;

use super::{approval, escape::in_query, redirects::Redirects, secret_hint};
use crate::{api::integrations::IntegrationDetails, components::copy::CopyField};

#[component]
pub fn Inspector(details: IntegrationDetails) -> impl IntoView {
    let filled_in = format!(
        "http://localhost:6274/?transport=streamable-http&serverUrl={}",
        in_query(&details.server_url)
    );
    let secret = format!("Client Secret: {}", secret_hint(&details));
    let approval = approval(&details);
    view! {
        <ol class="steps">
            <li class="stack-tight">
                <h3>"Start it"</h3>
                <CopyField label="In a terminal" value="npx @modelcontextprotocol/inspector" />
                <p>
                    "Your browser opens with it. This link fills in the first fields once it runs: "
                    <a href=filled_in target="_blank" rel="external noopener noreferrer">
                        "open it filled in"
                    </a> "."
                </p>
            </li>
            <li class="stack-tight">
                <h3>"Server"</h3>
                <p>"Transport Type: Streamable HTTP."</p>
                <CopyField label="URL" value=details.server_url.clone() />
            </li>
            <li class="stack-tight">
                <h3>"Authentication → OAuth 2.0 Flow"</h3>
                <CopyField label="Client ID" value=details.client_id.clone() />
                <p>{secret}</p>
                <CopyField label="Redirect URL" value="http://localhost:6274/oauth/callback" />
                <CopyField label="Scope" value="mcp:tools offline_access" />
            </li>
            <li>
                <h3>"Connect"</h3>
                <p>{approval}</p>
            </li>
        </ol>
        <Redirects
            uris=&["http://localhost:6274/oauth/callback", "http://localhost:6274/oauth/callback/debug"]
            registered=details.redirect_uris
            may_manage=details.may_manage
        />
    }
    .into_any()
}
