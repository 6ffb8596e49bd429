//! Claude on the web, Desktop and mobile: one dialog, and one connector for all of them.

use leptos::prelude::*;

use super::{approval, escape::in_query, redirects::Redirects, secret_hint};
use crate::{
    api::integrations::IntegrationDetails,
    components::{button::LinkButton, copy::CopyField},
};

#[component]
pub fn Claude(details: IntegrationDetails) -> impl IntoView {
    let filled_in = dialog(&details.server_url);
    let secret = format!("OAuth Client Secret: {}", secret_hint(&details));
    let approval = approval(&details);
    view! {
        <ol class="steps">
            <li class="stack-tight">
                <h3>"Open the dialog"</h3>
                <p>"In Claude: Settings → Connectors → Add custom connector."</p>
                {(!details.is_loopback)
                    .then(|| {
                        view! {
                            <p>
                                <LinkButton
                                    href=filled_in
                                    is_small=true
                                    is_external=true
                                    is_new_tab=true
                                >
                                    "Open it filled in, on claude.ai"
                                </LinkButton>
                            </p>
                        }
                    })}
            </li>
            <li class="stack-tight">
                <h3>"Name and Remote MCP server URL"</h3>
                <CopyField label="Name" value="TengineAI" />
                <CopyField label="Remote MCP server URL" value=details.server_url.clone() />
                <p>"With the slash at the end."</p>
            </li>
            <li class="stack-tight">
                <h3>"Advanced settings"</h3>
                <CopyField label="OAuth Client ID" value=details.client_id.clone() />
                <p>{secret}</p>
            </li>
            <li>
                <h3>"Add, then Connect"</h3>
                <p>{approval}</p>
            </li>
        </ol>
        <Redirects
            uris=&["https://claude.ai/api/mcp/auth_callback", "https://claude.com/api/mcp/auth_callback"]
            registered=details.redirect_uris
            may_manage=details.may_manage
        />
        <p class="hint">
            "On Team and Enterprise plans an owner of the organization adds the connector, and each person connects it. Claude's labels were last checked in November 2026."
        </p>
    }
    .into_any()
}

/// Claude's dialog with name and URL filled in.
fn dialog(server_url: &str) -> String {
    let url = in_query(server_url);
    format!(
        "https://claude.ai/settings/connectors?modal=add-custom-connector&connectorName=TengineAI&connectorUrl={url}"
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_link_fills_in_the_url() {
        assert_eq!(
            super::dialog("https://tools.example.com/mcp/"),
            "https://claude.ai/settings/connectors?modal=add-custom-connector&connectorName=TengineAI&connectorUrl=https%3A%2F%2Ftools.example.com%2Fmcp%2F"
        );
    }
}
