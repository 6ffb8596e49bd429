//! Guide: connecting Claude Desktop, and what to do when it does not work.

mod troubleshooting;

use leptos::prelude::*;

use super::{
    reader::Reader,
    section::{contents, shown},
};
use crate::{
    components::{
        badge::{Badge, Tone},
        copy::CopyField,
        notice::Notice,
    },
    ssr::connecting::is_registered,
};

/// Where Claude comes back to, whichever of its names it was opened by.
const CALLBACKS: [&str; 2] = [
    "https://claude.ai/api/mcp/auth_callback",
    "https://claude.com/api/mcp/auth_callback",
];

pub fn text(reader: &Reader) -> AnyView {
    let own = [
        ("before", "Before you begin"),
        ("set-up", "Set it up"),
        ("redirects", "Where Claude may come back to"),
        ("flow", "What happens in between"),
    ];
    let more = troubleshooting::SECTIONS.iter();
    let parts = own
        .into_iter()
        .chain(more.map(|section| (section.id, section.title)));
    let troubleshooting: Vec<AnyView> = troubleshooting::SECTIONS
        .iter()
        .flat_map(|section| shown(section, reader))
        .collect();
    view! {
        <p class="lead">
            "Claude Desktop does the whole OAuth flow by itself. You give it a Server URL, a Client ID and a Client Secret. The web page and the phone use the same connector."
        </p>
        {contents(parts)}
        {reader.instance.is_loopback.then(not_from_here)}
        {before(reader)}
        {set_up(reader)}
        {redirects(reader)}
        {flow(&reader.instance.token_lifetime)}
        {troubleshooting}
    }
    .into_any()
}

fn not_from_here() -> AnyView {
    view! {
        <Notice tone=Tone::Warning>
            <strong>"Not from here. "</strong>
            "Claude calls custom connectors from Anthropic's cloud, even for the desktop app, and this instance is on this machine only. Put it behind a public https address ("
            <a href="/docs/operations#proxy">"how"</a>
            ") and set TENGINE_PUBLIC_URL to it. Until then use Claude Code, the MCP Inspector or mcp-remote; each integration's page has the commands."
        </Notice>
    }
    .into_any()
}

fn before(reader: &Reader) -> AnyView {
    view! {
        <h2 id="before">"Before you begin"</h2>
        <ul>
            <li>"an account here and a project;"</li>
            <li>
                "an " <a href=reader.room("integrations")>"integration"</a>
                " in that project: it gives you the Client ID and the Client Secret;"
            </li>
            <li>
                "at least one " <a href=reader.room("tools")>"tool"</a>
                " that is registered and enabled (Claude connects without one, and then has nothing to call);"
            </li>
            <li>
                "Claude Desktop, on a plan that allows custom connectors. On Team and Enterprise plans an owner of the organization adds the connector, and each person connects it."
            </li>
        </ul>
    }
    .into_any()
}

fn set_up(reader: &Reader) -> AnyView {
    let server_url = reader.instance.server_url.clone();
    let (client_id, secret) = match reader.integration() {
        Some(own) => (
            view! { <CopyField label="OAuth Client ID" value=own.client_id.clone() /> }.into_any(),
            match own.is_public {
                true => "OAuth Client Secret: leave it empty, this client is public.",
                false => {
                    "OAuth Client Secret: the one that was shown when the integration was created or last rotated."
                }
            },
        ),
        None => (
            ().into_any(),
            "Under “Advanced settings” paste the OAuth Client ID and the OAuth Client Secret.",
        ),
    };
    view! {
        <h2 id="set-up">"Set it up"</h2>
        <ol class="steps">
            <li>
                <h3 id="credentials">"Get the credentials"</h3>
                <p>
                    "Open " <a href=reader.integration_page()>"the integration"</a>
                    ", or create one. Copy the Client ID. The Client Secret is shown once, when the integration is created; if it is lost, rotate it there."
                </p>
            </li>
            <li>
                <h3 id="settings">"Open Claude's settings"</h3>
                <p>"In Claude Desktop: Settings → Connectors → “Add custom connector”."</p>
            </li>
            <li class="stack-tight">
                <h3 id="dialog">"Fill in the dialog"</h3>
                <CopyField label="Name" value="TengineAI" />
                <CopyField label="Remote MCP server URL" value=server_url />
                {client_id}
                <p>{secret} " The URL has a slash at its end. Press “Add”, then “Connect”."</p>
            </li>
            <li>
                <h3 id="approve">"Sign in and approve"</h3>
                <p>
                    "Claude opens a page of this server. Sign in, look at who asks and where you will be sent back to, choose which tools Claude may use, and approve. The connector then shows as connected."
                </p>
            </li>
            <li>
                <h3 id="check">"Check"</h3>
                <p>
                    "In a new conversation ask “What tools are available?” Claude lists the enabled tools that the integration offers. The integration's page has ticked each step by then."
                </p>
            </li>
        </ol>
        <p class="hint">"Claude's labels were last checked in November 2026."</p>
    }
    .into_any()
}

/// Whether the reader's integration lets Claude come back.
fn redirects(reader: &Reader) -> AnyView {
    let rows = CALLBACKS
        .into_iter()
        .map(|uri| {
            let own = reader.integration();
            let registered = own.map(|own| is_registered(&own.redirect_uris, uri));
            let mark = match registered {
                Some(true) => view! { " " <Badge tone=Tone::Good>"registered"</Badge> }.into_any(),
                Some(false) => {
                    view! { " " <Badge tone=Tone::Warning>"not registered"</Badge> }.into_any()
                }
                None => ().into_any(),
            };
            view! {
                <li>
                    <code>{uri}</code>
                    {mark}
                </li>
            }
        })
        .collect_view();
    view! {
        <h2 id="redirects">"Where Claude may come back to"</h2>
        <p>
            "A new integration knows Claude's redirect URIs. If they were taken out, add them again on "
            <a href=reader.integration_page()>"the integration's page"</a> ":"
        </p>
        <ul>{rows}</ul>
    }
    .into_any()
}

fn flow(lifetime: &str) -> AnyView {
    let every = format!(
        " carries the access token. It lasts {lifetime}, and Claude refreshes it by itself."
    );
    view! {
        <h2 id="flow">"What happens in between"</h2>
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
            <li>"Every request to " <code>"/mcp/"</code> {every}</li>
        </ol>
    }
    .into_any()
}
