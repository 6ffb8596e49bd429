//! Clients that everybody meets: their metadata documents, built in because a fetch from a data
//! centre can be refused, and the names of those that are told by their callback.

use url::Url;

use super::{Registration, SelfRegistered};
use crate::clock::Timestamp;

/// The built-in copy of a well-known client's document, as its makers published it in September 2026;
/// Claude's with the second callback that it uses.
struct Document {
    client_id: &'static str,
    name: &'static str,
    redirect_uris: &'static [&'static str],
}

const DOCUMENTS: &[Document] = &[
    Document {
        client_id: "https://claude.ai/oauth/mcp-oauth-client-metadata",
        name: "Claude",
        redirect_uris: &[
            "https://claude.ai/api/mcp/auth_callback",
            "https://claude.com/api/mcp/auth_callback",
        ],
    },
    Document {
        client_id: "https://claude.ai/oauth/claude-code-client-metadata",
        name: "Claude Code",
        redirect_uris: &["http://localhost/callback", "http://127.0.0.1/callback"],
    },
    Document {
        client_id: "https://chatgpt.com/oauth/client.json",
        name: "ChatGPT",
        redirect_uris: &["https://chatgpt.com/connector_platform_oauth_redirect"],
    },
    Document {
        client_id: "https://vscode.dev/oauth/client-metadata.json",
        name: "Visual Studio Code",
        redirect_uris: &["http://127.0.0.1:33418/", "https://vscode.dev/redirect"],
    },
];

pub(super) fn is_built_in(client_id: &str) -> bool {
    DOCUMENTS.iter().any(|one| one.client_id == client_id)
}

pub(super) fn document(client_id: &str, now: Timestamp) -> Option<SelfRegistered> {
    let document = DOCUMENTS.iter().find(|one| one.client_id == client_id)?;
    Some(SelfRegistered {
        client_id: document.client_id.to_owned(),
        registration: Registration::MetadataDocument,
        name: document.name.to_owned(),
        redirect_uris: document
            .redirect_uris
            .iter()
            .map(ToString::to_string)
            .collect(),
        created_at: now,
        fresh_until: None,
        last_used_at: None,
    })
}

/// Who it most likely is, by the callback that only its makers control; loopback can be anyone.
#[must_use]
pub fn name_of_callback(redirect_uri: &str) -> &'static str {
    let url = Url::parse(redirect_uri).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let scheme = url.as_ref().map_or("", Url::scheme);
    match (scheme, host) {
        ("https", "claude.ai" | "claude.com") => "Claude",
        ("https", "chatgpt.com") => "ChatGPT",
        ("https", "vscode.dev" | "insiders.vscode.dev") => "VS Code",
        ("https", "www.cursor.com") | ("cursor", _) => "Cursor",
        ("http", _) => "A program on this computer",
        _ => "A client",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clients::is_document_url, integrations::redirect_uri};

    #[test]
    fn every_built_in_document_could_have_been_fetched() {
        for document in DOCUMENTS {
            assert!(
                is_document_url(document.client_id),
                "{}",
                document.client_id
            );
            for uri in document.redirect_uris {
                redirect_uri::check(uri).unwrap();
            }
        }
    }
}
