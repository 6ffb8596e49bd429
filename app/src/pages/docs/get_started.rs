//! Guide: from nothing to the first call.

use leptos::prelude::*;

use super::Guide;
use crate::{api::instance::Instance, components::copy::CopyField};

#[component]
pub fn GetStarted() -> impl IntoView {
    view! { <Guide title="Get started in 5 minutes" text=|instance| view! { <Text instance /> } /> }
}

#[component]
fn Text(instance: Instance) -> impl IntoView {
    view! {
        <div class="prose">
            <p class="lead">
                "At the end of this page Claude calls a tool of yours, and you see the call in the dashboard."
            </p>
            <ol class="steps">
                <li>
                    <h3>"Make a project"</h3>
                    <p>
                        "Sign in, open " <a href="/projects">"Projects"</a>
                        " and press “New project”. A project holds the tools of one API or team."
                    </p>
                </li>
                <li>
                    <h3>"Add the sample tools"</h3>
                    <p>
                        "Under Tools press “Add sample tools”. They answer from this server, so that you see the whole way work before you register an endpoint of your own (see "
                        <a href="/docs/custom-tools">"Custom tools"</a>
                        "). They are enabled from the start."
                    </p>
                </li>
                <li>
                    <h3>"Create an integration"</h3>
                    <p>
                        "Under Integrations press “New integration”, give it a name, press “Create integration”. You are shown a Client ID, a Client Secret and the Server URL. The secret is shown only now: copy it, or download the .env file."
                    </p>
                </li>
                <li class="stack-tight">
                    <h3>"Connect a client"</h3>
                    <CopyField label="Server URL" value=instance.server_url />
                    <p>
                        {if instance.is_loopback {
                            "This instance is on this machine only, where Claude's cloud cannot reach it. Use Claude Code, the MCP Inspector or mcp-remote: the integration's page has the commands. For Claude Desktop, put the instance behind a public https address first."
                        } else {
                            "In Claude: Settings → Connectors → Add custom connector. Paste the Server URL; under Advanced settings the Client ID and the Client Secret. Press Add, sign in here and approve."
                        }}
                    </p>
                    <p>
                        <a href="/docs/claude-desktop">"Every step for Claude Desktop"</a>
                    </p>
                </li>
                <li>
                    <h3>"Ask"</h3>
                    <p>
                        "In a new conversation: “What tools are available?” Then have Claude use one. The call shows under Calls, with its outcome and how long it took."
                    </p>
                </li>
            </ol>
        </div>
    }
    .into_any()
}
