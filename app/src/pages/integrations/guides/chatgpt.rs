//! ChatGPT on the web, and what its desktop app shares with Codex: `config.toml`.

use leptos::prelude::*;

use super::{
    NAME, approval,
    escape::toml,
    redirects::{OneRedirect, Redirects},
    secret_hint,
    self_registered::SelfRegistered,
};
use crate::{
    api::integrations::IntegrationDetails,
    components::{code_block::CodeBlock, copy::CopyField},
};

#[component]
pub fn ChatGpt(details: IntegrationDetails) -> impl IntoView {
    let secret = format!("OAuth Client Secret: {}", secret_hint(&details));
    let approval = approval(&details);
    let codex = codex(&details);
    let login = format!("codex mcp login {NAME}");
    let may_manage = details.may_manage;
    view! {
        <ol class="steps">
            <li>
                <h3>"Switch on developer mode"</h3>
                <p>"In ChatGPT: Settings → Apps → Advanced settings → Developer mode."</p>
            </li>
            <li class="stack-tight">
                <h3>"Create app"</h3>
                <CopyField label="Name" value="TengineAI" />
                <CopyField label="MCP Server URL" value=details.server_url.clone() />
                <p>"Authentication: OAuth."</p>
            </li>
            <li class="stack-tight">
                <h3>"Advanced settings"</h3>
                <p>"Registration method: User-defined OAuth client."</p>
                <CopyField label="OAuth Client ID" value=details.client_id.clone() />
                <p>{secret}</p>
            </li>
            <li class="stack-tight">
                <h3>"Callback URL"</h3>
                <p>
                    "ChatGPT makes one for each app, and shows it in the same place. Copy it from there and add it here, so that it may be sent back to."
                </p>
                {if may_manage {
                    view! { <OneRedirect key="chatgpt" label="Callback URL of ChatGPT" /> }.into_any()
                } else {
                    view! { <p>"An admin of the project has to add it."</p> }.into_any()
                }}
            </li>
            <li>
                <h3>"Create, then Connect"</h3>
                <p>{approval}</p>
            </li>
        </ol>
        <details class="fold">
            <summary>"Without a Client ID" <span class="hint">"ChatGPT can register itself"</span></summary>
            <div class="fold-body">
                <SelfRegistered details=details.clone() key="chatgpt" />
            </div>
        </details>
        <details class="fold">
            <summary>
                "The desktop app and Codex" <span class="hint">"they share ~/.codex/config.toml"</span>
            </summary>
            <div class="fold-body">
                <CodeBlock label="In ~/.codex/config.toml" text=codex />
                <CopyField label="Then, to sign in" value=login />
                {(!details.is_public)
                    .then(|| {
                        view! {
                            <p class="hint">
                                "Codex has no place for a Client Secret: it registers itself, which this integration must allow (“Without a Client ID”)."
                            </p>
                        }
                    })}
            </div>
        </details>
        <Redirects
            uris=&["https://chatgpt.com/connector_platform_oauth_redirect", "http://127.0.0.1/callback"]
            registered=details.redirect_uris
            may_manage
        />
        <p class="hint">"ChatGPT's labels were last checked in November 2026."</p>
    }
    .into_any()
}

fn codex(details: &IntegrationDetails) -> String {
    if !details.is_public {
        let url = toml(&details.own_server_url);
        return format!("[mcp_servers.{NAME}]\nurl = {url}");
    }
    let (url, id) = (toml(&details.server_url), toml(&details.client_id));
    format!(
        "[mcp_servers.{NAME}]\nurl = {url}\n\n[mcp_servers.{NAME}.oauth]\nclient_id = {id}\ncallback_url = \"http://127.0.0.1/callback\""
    )
}

#[cfg(test)]
mod tests {
    use super::{super::super::sample, *};

    #[test]
    fn codex_gets_a_client_id_that_needs_no_secret() {
        let mut details = sample::details();
        assert_eq!(
            codex(&details),
            "[mcp_servers.tengine]\nurl = \"https://tools.example.com/mcp/claude-1/\""
        );
        details.is_public = true;
        assert!(codex(&details).contains("[mcp_servers.tengine.oauth]\nclient_id = \"tng_ci_1\""));
    }
}
