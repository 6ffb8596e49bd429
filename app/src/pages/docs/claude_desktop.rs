//! Guide: connecting Claude Desktop, and what to do when it does not work.

use leptos::prelude::*;

use super::Guide;
use crate::{api::instance::Instance, components::copy::CopyField};

#[component]
pub fn ClaudeDesktop() -> impl IntoView {
    view! {
        <Guide
            title="Claude Desktop integration"
            text=|instance| {
                view! {
                    <div class="prose">
                        <Steps instance=instance.clone() />
                        <How lifetime=instance.token_lifetime.clone() />
                        <Troubleshooting instance />
                    </div>
                }
            }
        />
    }
}

#[component]
fn Steps(instance: Instance) -> impl IntoView {
    view! {
        <p class="lead">
            "Claude Desktop does the whole OAuth flow by itself. You give it a Server URL, a Client ID and a Client Secret."
        </p>
        {instance
            .is_loopback
            .then(|| {
                view! {
                    <div class="notice notice-warn">
                        <strong>"Not from here. "</strong>
                        "Claude calls custom connectors from Anthropic's cloud, even for the desktop app, and this instance is on this machine only. Put it behind a public https address and set TENGINE_PUBLIC_URL to it. Until then use Claude Code, the MCP Inspector or mcp-remote; each integration's page has the commands."
                    </div>
                }
            })}
        <h2>"Before you begin"</h2>
        <ul>
            <li>"an account here and a project;"</li>
            <li>"an integration in that project: it gives you the Client ID and the Client Secret;"</li>
            <li>
                "at least one tool that is registered and enabled (Claude connects without one, and then has nothing to call);"
            </li>
            <li>"Claude Desktop, on a plan that allows custom connectors."</li>
        </ul>
        <h2>"Set it up"</h2>
        <ol class="steps">
            <li>
                <h3>"Get the credentials"</h3>
                <p>
                    "Open your project → Integrations, and create an integration or open one. Copy the Client ID. The Client Secret is shown once, when the integration is created; if it is lost, rotate it there."
                </p>
            </li>
            <li>
                <h3>"Open Claude's settings"</h3>
                <p>"In Claude Desktop: Settings → Connectors → “Add custom connector”."</p>
            </li>
            <li class="stack-tight">
                <h3>"Fill in the dialog"</h3>
                <CopyField label="Name" value="TengineAI" />
                <CopyField label="Remote MCP server URL" value=instance.server_url.clone() />
                <p>
                    "Under “Advanced settings” paste the OAuth Client ID and the OAuth Client Secret. Press “Add”."
                </p>
            </li>
            <li>
                <h3>"Sign in and approve"</h3>
                <p>
                    "Claude opens a page of this server. Sign in, look at who asks and where you will be sent back to, choose which tools Claude may use, and approve. The connector then shows as connected."
                </p>
            </li>
            <li>
                <h3>"Check"</h3>
                <p>
                    "In a new conversation ask “What tools are available?” Claude lists the enabled tools that the integration offers."
                </p>
            </li>
        </ol>
    }
    .into_any()
}

#[component]
fn How(lifetime: String) -> impl IntoView {
    view! {
        <h2>"What happens in between"</h2>
        <ol>
            <li>
                "Claude asks for " <code>"/mcp/"</code> " and is told where the OAuth metadata is: "
                <code>"/.well-known/oauth-protected-resource"</code> "."
            </li>
            <li>
                "It sends you to " <code>"/api/v1/mcp-oauth/authorize"</code>
                " with a PKCE challenge. The client, its redirect URI and the challenge are checked; you sign in and approve."
            </li>
            <li>
                "It exchanges the code at " <code>"/api/v1/mcp-oauth/token"</code>
                ", where the Client ID and the Client Secret are checked."
            </li>
            <li>
                "Every request to " <code>"/mcp/"</code>
                {format!(
                    " carries the access token. It lasts {lifetime}, and Claude refreshes it by itself.",
                )}
            </li>
        </ol>
    }
    .into_any()
}

#[component]
fn Troubleshooting(instance: Instance) -> impl IntoView {
    view! {
        <h2>"When it does not work"</h2>
        <h3>"No tools appear after connecting"</h3>
        <ul>
            <li>"Are tools registered in the project, and is the switch of each turned on?"</li>
            <li>
                "Claude sees the tools of the project that the integration belongs to, and of those only what the integration offers: see “Tools that it offers” on its page."
            </li>
            <li>
                "What you approved counts: with “read-only tools” the writing ones are missing. Connect again to choose anew."
            </li>
        </ul>
        <h3>"The connector shows as disconnected"</h3>
        <ul>
            <li>"Delete the connector in Claude and add it again: that starts a fresh OAuth flow."</li>
            <li>
                "Is it still listed under Connections on the integration's page, or under "
                <a href="/account/connected-apps">"Connected apps"</a>
                "? If not, somebody ended it."
            </li>
            <li>
                "The URL must be exactly " <code>{instance.server_url.clone()}</code>
                ", with the slash at the end."
            </li>
        </ul>
        <h3>"The OAuth flow fails at once"</h3>
        <ul>
            <li>"Is the integration active? Its page says so, and activates it."</li>
            <li>
                "Was the Client Secret rotated since you copied it? The old one fails as soon as its overlap is over, or at once if it got none. The integration's page shows the beginning of each secret that works."
            </li>
            <li>
                "“This redirect URI is not registered”: the error page names it. If it is your client's, add it to the integration's redirect URIs."
            </li>
        </ul>
        <h3>"It worked, and now a refresh fails"</h3>
        <ul>
            <li>
                <code>"invalid_grant"</code>
                ": the connection is over. It was ended here, was not used for a long time, its person left the project, or an old refresh token was used although a newer one is in use. Connect again: delete the connector and add it anew."
            </li>
            <li>
                <code>"invalid_client"</code>
                ": the secret was rotated. Paste the new one; "
                <a href="/docs/connections">"an overlap"</a>
                " spares you this the next time."
            </li>
            <li>
                <code>"unauthorized_client"</code>
                ": the integration is inactive. Activating it restores the connection."
            </li>
        </ul>
        <h3>"You approved, and then nothing arrives"</h3>
        <ul>
            <li>
                "A firewall or load balancer in front of this server may stop Claude's requests. They come from 160.79.104.0/21; let them through to "
                <code>"/mcp"</code> ", " <code>"/.well-known/"</code> " and "
                <code>"/api/v1/mcp-oauth/"</code> "."
            </li>
            <li>
                "The public URL that this server is configured with (" <code>{instance.origin}</code>
                ") must be the one that you typed into Claude."
            </li>
        </ul>
        <h3>"A second connector with the same URL is refused"</h3>
        <p>
            "Claude takes each URL once. Every integration has a Server URL of its own beside the common one; use that for the second."
        </p>
    }
    .into_any()
}
