//! Guide: what a connection is, how it ends, and what a rotation does to it.

use leptos::prelude::*;

use super::Guide;
use crate::{api::instance::Instance, components::copy::CopyField};

#[component]
pub fn Connections() -> impl IntoView {
    view! {
        <Guide
            title="Connections and secrets"
            text=|instance| {
                view! {
                    <div class="prose">
                        <Ending />
                        <Rotating lifetime=instance.token_lifetime.clone() />
                        <SelfRegistered instance />
                        <Unattended />
                    </div>
                }
            }
        />
    }
}

#[component]
fn Ending() -> impl IntoView {
    view! {
        <p class="lead">
            "A connection is made each time somebody approves a client. It remembers who approved, which client it was and which tools it may call."
        </p>
        <h2>"Seeing and ending connections"</h2>
        <ul>
            <li>
                "Your own, of all projects: " <a href="/account/connected-apps">"Connected apps"</a> "."
            </li>
            <li>
                "Those of an integration: on its page, under Connections. An admin can disconnect one of them, or everything."
            </li>
            <li>
                "A connection that was ended is refused from its next request on. The client has to connect again, and somebody has to approve it again."
            </li>
            <li>
                "Deactivating an integration ends nothing: calls and refreshes are refused, tokens are kept, and activating it restores the connections."
            </li>
            <li>
                "Who leaves a project takes their connections along: they are refused from then on."
            </li>
        </ul>
    }
    .into_any()
}

#[component]
fn Rotating(lifetime: String) -> impl IntoView {
    view! {
        <h2>"Rotating the Client Secret"</h2>
        <p>
            "“Rotate secret” on the integration's page makes a new one and asks how long the old one still works:"
        </p>
        <ul>
            <li>
                <strong>"Not at all"</strong>
                {format!(
                    ", for a secret that may have leaked. Connections work until their access token expires, {lifetime} at most, and then stop refreshing until the new secret is pasted into the client.",
                )}
            </li>
            <li>
                <strong>"1 hour, 24 hours or 7 days"</strong>
                ": both secrets work, so that nothing stops while you paste the new one into each client. The page shows when each was last used: once the old one is no longer used, end it."
            </li>
        </ul>
        <p>
            "At most two secrets work at a time. Rotating again ends the older one, with an overlap too."
        </p>
    }
    .into_any()
}

#[component]
fn SelfRegistered(instance: Instance) -> impl IntoView {
    view! {
        <h2>"Clients that register themselves"</h2>
        <p>
            "ChatGPT, VS Code, and Claude without a Client ID introduce themselves and are given a URL only. An integration lets them in once “Clients that register themselves” is switched on, on its page. They have no secret, their name is their own choice, and a member approves each connection: look at the host that it sends you back to."
        </p>
        <CopyField label="Server URL" value=instance.server_url />
        <p>
            "With this URL whoever connects chooses among the integrations of their projects that are open to such clients. An integration's own Server URL leads to that one."
        </p>
    }
    .into_any()
}

#[component]
fn Unattended() -> impl IntoView {
    view! {
        <h2>"Connecting without a person"</h2>
        <p>
            "Two switches on an integration's page make the Client Secret alone enough, and ask who you are once more: automatic approval, for a client that goes through OAuth, and client credentials, for a program that asks the token endpoint by itself. Whoever holds the secret can then call every tool that the integration offers. Tools that need a person refuse. Switching either off ends the connections that it made."
        </p>
    }
    .into_any()
}
