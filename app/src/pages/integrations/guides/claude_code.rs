//! Claude Code: a command, or `.mcp.json`.

use leptos::prelude::*;

use super::{
    NAME, approval,
    escape::{json, shell},
    redirects::Redirects,
};
use crate::{
    api::integrations::IntegrationDetails,
    components::{code_block::CodeBlock, copy::CopyField},
};

/// Where it listens for the answer. Any free port will do.
const PORT: u16 = 8080;

#[component]
pub fn ClaudeCode(details: IntegrationDetails) -> impl IntoView {
    let add = command(&details);
    let file = file(&details);
    let approval = approval(&details);
    view! {
        <ol class="steps">
            <li class="stack-tight">
                <h3>"Add the server"</h3>
                <CopyField label="In a terminal" value=add />
                {(!details.is_public)
                    .then(|| {
                        view! {
                            <p>
                                "It asks for the Client Secret, and keeps it in your system's key store. Where nobody can answer, put it into the variable MCP_CLIENT_SECRET."
                            </p>
                        }
                    })}
            </li>
            <li>
                <h3>"Sign in"</h3>
                <p>"Run /mcp in Claude Code, choose " <code>{NAME}</code> ", then Authenticate. " {approval}</p>
            </li>
        </ol>
        <details class="fold">
            <summary>"For a whole team" <span class="hint">".mcp.json in the repository"</span></summary>
            <div class="fold-body">
                <CodeBlock label=".mcp.json" text=file />
                <p class="hint">"There is no secret in it: each person adds theirs with the command above."</p>
            </div>
        </details>
        <Redirects
            uris=&["http://localhost/callback"]
            registered=details.redirect_uris
            may_manage=details.may_manage
        />
    }
    .into_any()
}

fn command(details: &IntegrationDetails) -> String {
    let secret = match details.is_public {
        true => "",
        false => " --client-secret",
    };
    format!(
        "claude mcp add --transport http --client-id {}{secret} --callback-port {PORT} {NAME} {}",
        shell(&details.client_id),
        shell(&details.server_url)
    )
}

fn file(details: &IntegrationDetails) -> String {
    let (url, id) = (json(&details.server_url), json(&details.client_id));
    format!(
        r#"{{
  "mcpServers": {{
    "{NAME}": {{
      "type": "http",
      "url": {url},
      "oauth": {{ "clientId": {id}, "callbackPort": {PORT} }}
    }}
  }}
}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::{super::super::sample, *};

    #[test]
    fn the_command_asks_for_a_secret_where_there_is_one() {
        let mut details = sample::details();
        assert_eq!(
            command(&details),
            "claude mcp add --transport http --client-id tng_ci_1 --client-secret --callback-port 8080 tengine https://tools.example.com/mcp/"
        );
        details.is_public = true;
        assert!(!command(&details).contains("secret"));
    }

    #[test]
    fn the_file_is_json_whatever_is_in_it() {
        let mut details = sample::details();
        details.client_id = "a\"b\\".to_owned();
        let file: serde_json::Value = serde_json::from_str(&file(&details)).unwrap();
        assert_eq!(file["mcpServers"]["tengine"]["oauth"]["clientId"], "a\"b\\");
    }
}
