//! How to connect, in the order of each client's own dialog. Snippets hold ids and URLs, never
//! names that people gave, and never a secret.

use leptos::{form::ActionForm, prelude::*};

use super::page::{Ids, Page};
use crate::{api::integrations::IntegrationDetails, components::copy::CopyField};

#[component]
pub fn Setup(page: Page, details: IntegrationDetails) -> impl IntoView {
    let is_loopback = details.is_loopback;
    let claude = details.clone();
    let local = details.clone();
    view! {
        <section class="card stack" aria-labelledby="setup">
            <h2 id="setup">"Connect a client"</h2>
            {is_loopback.then(|| view! { <OnlyLocal /> })}
            <details class="fold" open=!is_loopback>
                <summary>"Claude Desktop and claude.ai"</summary>
                <div class="fold-body">
                    <Claude details=claude />
                </div>
            </details>
            <details class="fold" open=is_loopback>
                <summary>
                    "Claude Code, Inspector, mcp-remote"
                    <span class="hint">"these also reach a server on this machine"</span>
                </summary>
                <div class="fold-body">
                    <Local details=local />
                </div>
            </details>
            <details class="fold">
                <summary>
                    "ChatGPT, VS Code and others" <span class="hint">"they register themselves"</span>
                </summary>
                <div class="fold-body">
                    <SelfRegistering page details />
                </div>
            </details>
        </section>
    }
    .into_any()
}

#[component]
fn OnlyLocal() -> impl IntoView {
    view! {
        <div class="notice notice-warn">
            <strong>"Claude's cloud cannot reach this server. "</strong>
            "Custom connectors are called from Anthropic's cloud, even for Claude Desktop, and the public URL of this instance is on this machine only. Set TENGINE_PUBLIC_URL to an https address that the internet reaches, or use Claude Code, the MCP Inspector or mcp-remote, which run here."
        </div>
    }
}

#[component]
fn Claude(details: IntegrationDetails) -> impl IntoView {
    let filled_in = format!(
        "https://claude.ai/settings/connectors?modal=add-custom-connector&connectorName=TengineAI&connectorUrl={}",
        in_query(&details.server_url)
    );
    let has_secret = !details.is_public;
    view! {
        <ol class="steps">
            <li>
                <h3>"Open the dialog"</h3>
                <p>"In Claude: Settings → Connectors → Add custom connector."</p>
                {(!details.is_loopback)
                    .then(|| {
                        view! {
                            <a
                                class="btn btn-small mt-2"
                                href=filled_in
                                target="_blank"
                                rel="external noopener noreferrer"
                            >
                                "Open it filled in, on claude.ai"
                            </a>
                        }
                    })}
            </li>
            <li class="stack-tight">
                <h3>"Name and Remote MCP server URL"</h3>
                <CopyField label="Name" value="TengineAI" />
                <CopyField label="Remote MCP server URL" value=details.server_url />
                <p>"With the slash at the end."</p>
            </li>
            <li class="stack-tight">
                <h3>"Advanced settings"</h3>
                <CopyField label="OAuth Client ID" value=details.client_id />
                <p>
                    {if has_secret {
                        "OAuth Client Secret: the one that was shown when you created the integration or last rotated it."
                    } else {
                        "OAuth Client Secret: leave it empty, this client is public."
                    }}
                </p>
            </li>
            <li>
                <h3>"Add, sign in, approve"</h3>
                <p>
                    {if details.is_automatic {
                        "Claude connects without asking anyone: this integration approves by itself."
                    } else {
                        "Claude opens this server's page: sign in and choose which tools it may use."
                    }}
                </p>
            </li>
            <li class="stack-tight">
                <h3>"Ask"</h3>
                <CopyField label="In a new conversation" value="What tools are available?" />
            </li>
        </ol>
        <p class="hint">"Claude's labels were last checked in November 2026."</p>
    }
    .into_any()
}

#[component]
fn Local(details: IntegrationDetails) -> impl IntoView {
    let id = &details.client_id;
    let url = &details.server_url;
    let (secret_flag, secret_json) = if details.is_public {
        ("", String::new())
    } else {
        (
            " --client-secret",
            r#","client_secret":"YOUR_CLIENT_SECRET""#.to_owned(),
        )
    };
    let claude_code = format!(
        "claude mcp add --transport http --client-id {id}{secret_flag} --callback-port 8080 tengine {url}"
    );
    let remote = format!(
        "npx mcp-remote {url} --static-oauth-client-info '{{\"client_id\":\"{id}\"{secret_json}}}'"
    );
    view! {
        <CopyField label="Claude Code" value=claude_code />
        {(!details.is_public)
            .then(|| view! { <p class="hint">"It asks for the Client Secret; then run /mcp in Claude Code to sign in."</p> })}
        <CopyField label="MCP Inspector" value="npx @modelcontextprotocol/inspector" />
        <p class="hint">
            "Transport: Streamable HTTP; URL: the Server URL; Authentication: the Client ID and the Client Secret."
        </p>
        <CopyField label="mcp-remote" value=remote />
        <p class="hint">"For clients that only start local programs. Put the secret in the place of YOUR_CLIENT_SECRET."</p>
    }
    .into_any()
}

/// Clients without a Client ID: the integration must let them in, and they need its URL only.
#[component]
fn SelfRegistering(page: Page, details: IntegrationDetails) -> impl IntoView {
    let let_in = page.set_self_registered;
    view! {
        {match (details.self_registered, details.may_manage) {
            (true, _) => ().into_any(),
            (false, true) => {
                view! {
                    <ActionForm action=let_in attr:class="cluster">
                        <Ids page />
                        <input type="hidden" name="is_on" value="true" />
                        <button type="submit" class="btn" disabled=move || let_in.pending().get()>
                            "Let such clients in"
                        </button>
                        <span class="hint">"A member still approves each connection."</span>
                    </ActionForm>
                }
                    .into_any()
            }
            (false, false) => {
                view! {
                    <p>
                        "An admin of the project has to switch on “Clients that register themselves” first."
                    </p>
                }
                    .into_any()
            }
        }}
        <CopyField label="Server URL, the only thing to paste" value=details.own_server_url />
        <p class="hint">
            "This URL leads to this integration. With the common one whoever connects chooses among the integrations of their projects that let such clients in."
        </p>
    }
    .into_any()
}

/// What of our own URLs a query cannot hold as it is. Both sides must write the same.
fn in_query(url: &str) -> String {
    url.replace('%', "%25")
        .replace(':', "%3A")
        .replace('/', "%2F")
}
