//! VS Code: a link that installs the server, a command, or `mcp.json`.

use leptos::prelude::*;

use super::{
    NAME, approval,
    escape::{in_query, json, shell},
    redirects::Redirects,
    secret_hint,
    self_registered::SelfRegistered,
};
use crate::{
    api::integrations::IntegrationDetails,
    components::{button::LinkButton, code_block::CodeBlock, copy::CopyField},
};

#[component]
pub fn VsCode(details: IntegrationDetails) -> impl IntoView {
    let install = format!("vscode:mcp/install?{}", in_query(&named(&details)));
    let command = format!("code --add-mcp {}", shell(&named(&details)));
    let file = file(&details);
    let secret = secret_hint(&details);
    let approval = approval(&details);
    view! {
        <ol class="steps">
            <li class="stack-tight">
                <h3>"Add the server"</h3>
                <p>
                    <LinkButton href=install is_small=true is_external=true>
                        "Add it to VS Code"
                    </LinkButton>
                </p>
                <CopyField label="Or in a terminal" value=command />
                <CodeBlock label="Or in .vscode/mcp.json" text=file />
            </li>
            <li class="stack-tight">
                <h3>"Client ID and secret"</h3>
                <CopyField label="Client ID" value=details.client_id.clone() />
                <p>
                    "If VS Code asks for them. In mcp.json the secret is set by the link above " <code>"oauth"</code>
                    ", and is kept in your system's key store: " {secret}
                </p>
            </li>
            <li>
                <h3>"Sign in"</h3>
                <p>"In mcp.json: Start, above " <code>{NAME}</code> "; then Allow. " {approval}</p>
            </li>
        </ol>
        <details class="fold">
            <summary>"Without a Client ID" <span class="hint">"VS Code can register itself"</span></summary>
            <div class="fold-body">
                <SelfRegistered details=details.clone() key="vs-code" />
            </div>
        </details>
        <Redirects
            uris=&["http://127.0.0.1/", "https://vscode.dev/redirect", "https://insiders.vscode.dev/redirect"]
            registered=details.redirect_uris
            may_manage=details.may_manage
        />
    }
    .into_any()
}

/// The server with its name, in one line: as the link and the command have it.
fn named(details: &IntegrationDetails) -> String {
    let (url, id) = (json(&details.server_url), json(&details.client_id));
    format!(r#"{{"name":"{NAME}","type":"http","url":{url},"oauth":{{"clientId":{id}}}}}"#)
}

fn file(details: &IntegrationDetails) -> String {
    let (url, id) = (json(&details.server_url), json(&details.client_id));
    format!(
        r#"{{
  "servers": {{
    "{NAME}": {{
      "type": "http",
      "url": {url},
      "oauth": {{ "clientId": {id} }}
    }}
  }}
}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::{super::super::sample, *};

    #[test]
    fn all_three_ways_name_the_same_server() {
        let details = sample::details();
        let named: serde_json::Value = serde_json::from_str(&named(&details)).unwrap();
        let file: serde_json::Value = serde_json::from_str(&file(&details)).unwrap();
        let server = &file["servers"]["tengine"];
        for key in ["type", "url", "oauth"] {
            assert_eq!(server[key], named[key]);
        }
        assert_eq!(named["name"], "tengine");
        assert!(!named.to_string().to_lowercase().contains("secret"));
    }
}
