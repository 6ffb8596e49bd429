//! Cursor: a link that installs the server, or `mcp.json`.

use leptos::prelude::*;

use super::{
    NAME, approval,
    escape::{base64, in_query, json},
    redirects::Redirects,
};
use crate::{
    api::integrations::IntegrationDetails,
    components::{button::LinkButton, code_block::CodeBlock, copy::CopyField},
};

/// The variable that Cursor takes the secret from.
const VARIABLE: &str = "TENGINE_CLIENT_SECRET";

#[component]
pub fn Cursor(details: IntegrationDetails) -> impl IntoView {
    let install = install(&details);
    let file = file(&details);
    let approval = approval(&details);
    view! {
        <ol class="steps">
            {(!details.is_public)
                .then(|| {
                    view! {
                        <li class="stack-tight">
                            <h3>"Give it the secret"</h3>
                            <CopyField label="Environment variable" value=VARIABLE />
                            <p>
                                "Set it to the Client Secret where Cursor starts; or, in ~/.cursor/mcp.json that nobody else reads, put the secret in the variable's place."
                            </p>
                        </li>
                    }
                })}
            <li class="stack-tight">
                <h3>"Add the server"</h3>
                <p>
                    <LinkButton href=install is_small=true is_external=true>
                        "Add it to Cursor"
                    </LinkButton>
                </p>
                <CodeBlock label="Or in ~/.cursor/mcp.json" text=file />
            </li>
            <li>
                <h3>"Sign in"</h3>
                <p>
                    "In Cursor: Settings → Tools & MCP, beside " <code>{NAME}</code> ": Connect. "
                    {approval}
                </p>
            </li>
        </ol>
        <Redirects
            uris=&[
                "http://localhost:8787/callback",
                "cursor://anysphere.cursor-mcp/oauth/callback",
                "https://www.cursor.com/agents/mcp/oauth/callback",
            ]
            registered=details.redirect_uris
            may_manage=details.may_manage
        />
    }
    .into_any()
}

/// The server's part of `mcp.json`.
fn server(details: &IntegrationDetails) -> String {
    let (url, id) = (json(&details.server_url), json(&details.client_id));
    let secret = match details.is_public {
        true => String::new(),
        false => format!(r#", "CLIENT_SECRET": "${{env:{VARIABLE}}}""#),
    };
    format!(
        r#"{{
      "url": {url},
      "auth": {{ "CLIENT_ID": {id}{secret} }}
    }}"#
    )
}

fn file(details: &IntegrationDetails) -> String {
    let server = server(details);
    format!(
        r#"{{
  "mcpServers": {{
    "{NAME}": {server}
  }}
}}"#
    )
}

fn install(details: &IntegrationDetails) -> String {
    let config = in_query(&base64(&server(details)));
    format!("cursor://anysphere.cursor-deeplink/mcp/install?name={NAME}&config={config}")
}

#[cfg(test)]
mod tests {
    use ::base64::{Engine, engine::general_purpose::STANDARD};

    use super::{super::super::sample, *};

    #[test]
    fn the_link_and_the_file_hold_the_same_server_and_no_secret() {
        let mut details = sample::details();
        let link = install(&details);
        let config = link.split_once("&config=").unwrap().1;
        let config = config
            .replace("%3D", "=")
            .replace("%2B", "+")
            .replace("%2F", "/");
        let config: serde_json::Value =
            serde_json::from_slice(&STANDARD.decode(config).unwrap()).unwrap();
        let file: serde_json::Value = serde_json::from_str(&file(&details)).unwrap();
        assert_eq!(file["mcpServers"]["tengine"], config);
        assert_eq!(config["url"], "https://tools.example.com/mcp/");
        assert_eq!(config["auth"]["CLIENT_ID"], "tng_ci_1");
        assert_eq!(
            config["auth"]["CLIENT_SECRET"],
            "${env:TENGINE_CLIENT_SECRET}"
        );
        details.is_public = true;
        assert!(!super::file(&details).contains("SECRET"));
    }
}
