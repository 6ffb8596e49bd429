//! Guide: from nothing to the first call.

use leptos::prelude::*;

use super::reader::Reader;
use crate::components::copy::CopyField;

pub fn text(reader: &Reader) -> AnyView {
    view! {
        <p class="lead">
            "At the end of this page Claude calls a tool of yours, and you see the call in the dashboard."
        </p>
        <ol class="steps">
            {project(reader)} {tools(reader)} {integration(reader)} {connect(reader)} {ask(reader)}
        </ol>
        <h2 id="next">"Then"</h2>
        <ul>
            <li>
                "Register an endpoint of your own: by a form, from an OpenAPI document, from a curl command or from the starter catalog. "
                <a href="/docs/custom-tools">"Custom tools"</a>
                " has all that a tool can be."
            </li>
            <li>
                "Let others in: under Members make an invitation. "
                <a href="/docs/roles">"Who may do what"</a> " says what each role is for."
            </li>
            <li>
                "Something does not work? "
                <a href="/docs/claude-desktop#troubleshooting">"What Claude shows, and what to do"</a>
                "."
            </li>
        </ul>
    }
    .into_any()
}

fn project(reader: &Reader) -> AnyView {
    let sign_in = (!reader.is_signed_in).then(|| {
        view! {
            "Sign in; or "
            <a href="/sign-up">"sign up"</a>
            ", where this instance lets you. "
        }
    });
    view! {
        <li>
            <h2 id="project">"Make a project"</h2>
            <p>
                {sign_in} "Open " <a href="/projects">"Projects"</a>
                " and press “New project”. A project holds the tools of one API or team. Its page shows these steps too, and ticks them."
            </p>
        </li>
    }
    .into_any()
}

fn tools(reader: &Reader) -> AnyView {
    view! {
        <li>
            <h2 id="tools">"Add the sample tools"</h2>
            <p>
                "Under " <a href=reader.room("tools")>"Tools"</a>
                " press “Add sample tools”. They answer from this server, so that you see the whole way work before you register an endpoint of your own. They are enabled from the start, and “Try it” beside each calls it at once."
            </p>
        </li>
    }
    .into_any()
}

fn integration(reader: &Reader) -> AnyView {
    view! {
        <li>
            <h2 id="integration">"Create an integration"</h2>
            <p>
                "Under " <a href=reader.room("integrations")>"Integrations"</a>
                " press “New integration”, give it a name, press “Create integration”. You are shown a Client ID, a Client Secret and the Server URL. The secret is shown only now: copy it, or press “Download .env”."
            </p>
        </li>
    }
    .into_any()
}

fn connect(reader: &Reader) -> AnyView {
    let client_id = reader.integration().map(|own| {
        view! { <CopyField label="Client ID" value=own.client_id.clone() /> }
    });
    let how = match reader.instance.is_loopback {
        true => {
            "This instance is on this machine only, where Claude's cloud cannot reach it: that is so for Claude Desktop too. Use Claude Code, Cursor, VS Code or the MCP Inspector; for Claude put the instance behind a public https address first."
        }
        false => {
            "In Claude: Settings → Connectors → Add custom connector. Paste the Server URL; under Advanced settings the Client ID and the Client Secret. Press Add, then Connect: a page of this server opens. Sign in, choose which tools Claude may use, and approve."
        }
    };
    view! {
        <li class="stack-tight">
            <h2 id="connect">"Connect a client"</h2>
            <CopyField label="Server URL" value=reader.instance.server_url.clone() />
            {client_id}
            <p>{how}</p>
            <p>
                <a href=reader.integration_page()>"The integration's page"</a>
                " has the steps for each client with everything filled in, and ticks how far it has come. For Claude there is also "
                <a href="/docs/claude-desktop">"a guide of its own"</a> "."
            </p>
        </li>
    }
    .into_any()
}

fn ask(reader: &Reader) -> AnyView {
    view! {
        <li class="stack-tight">
            <h2 id="ask">"Ask"</h2>
            <p>"In a new conversation:"</p>
            <CopyField label="First" value="What tools are available?" />
            <CopyField label="Then" value="Roll two dice with my tools." />
            <p>
                "The call shows under " <a href=reader.room("calls")>"Calls"</a>
                ", with its outcome and how long it took."
            </p>
        </li>
    }
    .into_any()
}
