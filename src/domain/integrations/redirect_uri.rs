//! Redirect URIs: which may be registered, and what matches (OAuth 2.1 §2.3, RFC 8252 §7).

use url::{Host, Position, Url};

use crate::public_url::is_loopback_host;

/// What a new integration starts with: the callbacks of the common clients. A loopback address
/// stands for every port of it.
pub const COMMON_CLIENTS: &[&str] = &[
    // Claude on the web, desktop and mobile
    "https://claude.ai/api/mcp/auth_callback",
    "https://claude.com/api/mcp/auth_callback",
    // Claude Code
    "http://localhost/callback",
    // ChatGPT
    "https://chatgpt.com/connector_platform_oauth_redirect",
    // VS Code
    "https://vscode.dev/redirect",
    "https://insiders.vscode.dev/redirect",
    "http://127.0.0.1/",
    // Cursor
    "cursor://anysphere.cursor-mcp/oauth/callback",
    "https://www.cursor.com/agents/mcp/oauth/callback",
    // MCP Inspector, mcp-remote
    "http://localhost/oauth/callback",
    "http://localhost/oauth/callback/debug",
    "http://127.0.0.1/oauth/callback",
    // Codex, opencode, Zed
    "http://127.0.0.1/callback",
];

/// Where ChatGPT has a person sent back to, but for the id of what they connect.
const CHATGPT: &str = "https://chatgpt.com/connector/oauth/";

/// Whether a redirect URI is one of the common clients', so that nobody else gets what is sent there.
#[must_use]
pub fn is_of_known_client(uri: &str) -> bool {
    let is_id = |id: &str| {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        !id.is_empty() && id.chars().all(is_part)
    };
    COMMON_CLIENTS.iter().any(|known| matches(known, uri))
        || uri.strip_prefix(CHATGPT).is_some_and(is_id)
}

/// Whether a redirect URI may be registered.
///
/// # Errors
/// A sentence that says which rule it breaks.
pub fn check(uri: &str) -> Result<(), String> {
    if uri.len() > 2_000 || !uri.chars().all(|c| c.is_ascii_graphic()) {
        return Err("Use printable ASCII without spaces, at most 2,000 characters.".to_owned());
    }
    let url = Url::parse(uri).map_err(|why| format!("{uri:?} is not a URI: {why}."))?;
    if uri.contains('#') {
        return Err("Leave out the fragment (#…).".to_owned());
    }
    if uri.contains('*') {
        return Err("Wildcards are not supported: give the exact URI.".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("Leave out the user name and password.".to_owned());
    }
    const OURS: [&str; 4] = ["code", "state", "iss", "error"];
    if url.query_pairs().any(|(name, _)| OURS.contains(&&*name)) {
        return Err("Leave out code, state, iss and error: the answer has them.".to_owned());
    }
    // A browser reads `https:///a`, `https:\\a` and `HTTPS://A` as `https://a/`: what is shown and
    // compared must be what it goes to.
    if matches!(url.scheme(), "http" | "https") && !is_as_written(&url, uri) {
        return Err(format!("Write it as {url}."));
    }
    match url.scheme() {
        "https" if url.host().is_some() => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        "http" => Err("Use https; http only for localhost, 127.0.0.1 or [::1].".to_owned()),
        "cursor" => Ok(()),
        // RFC 8252 §7.1: an app's own scheme is its reversed domain name.
        scheme if scheme.contains('.') => Ok(()),
        scheme => Err(format!(
            "The scheme {scheme}: is not allowed; use https, loopback http or a reverse-domain one."
        )),
    }
}

fn is_as_written(url: &Url, uri: &str) -> bool {
    url.as_str() == uri || url.as_str().strip_suffix('/') == Some(uri)
}

fn is_loopback(url: &Url) -> bool {
    url.host().is_some_and(|host| match host {
        Host::Domain(name) => name == "localhost",
        other => is_loopback_host(&other),
    })
}

/// Where a redirect URI leads, as pages show it: host and port. Of an app's scheme only the scheme:
/// what looks like a host behind it is the app's own text.
#[must_use]
pub fn shown_host(uri: &str) -> String {
    match Url::parse(uri) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            url[Position::BeforeHost..Position::AfterPort].to_owned()
        }
        Ok(url) => format!("the app for {}:", url.scheme()),
        Err(_) => uri.to_owned(),
    }
}

/// Whether a presented redirect URI is a registered one: byte for byte, but for a loopback's port,
/// which the client learns only when it runs (RFC 8252 §7.3).
#[must_use]
pub fn matches(registered: &str, presented: &str) -> bool {
    if registered == presented {
        return true;
    }
    match (
        loopback_without_port(registered),
        loopback_without_port(presented),
    ) {
        (Some(registered), Some(presented)) => registered == presented,
        _ => false,
    }
}

/// A plain-http loopback URI with its port taken out of the text, and nothing else changed.
fn loopback_without_port(uri: &str) -> Option<String> {
    let rest = uri.strip_prefix("http://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let host = ["localhost", "127.0.0.1", "[::1]"]
        .into_iter()
        .find(|host| authority.strip_prefix(host).is_some_and(is_port))?;
    // `http://127.0.0.1` and `http://127.0.0.1/` are one URI.
    let tail = if tail.is_empty() { "/" } else { tail };
    Some(format!("{host}{tail}"))
}

fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|port| port.parse::<u16>().is_ok() && !port.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_client_can_be_registered() {
        for uri in COMMON_CLIENTS {
            check(uri).unwrap();
        }
    }

    #[test]
    fn a_known_client_is_known_by_its_whole_address() {
        for known in [
            "https://claude.ai/api/mcp/auth_callback",
            "http://localhost:8787/callback",
            "https://chatgpt.com/connector/oauth/aBc_1-2",
        ] {
            assert!(is_of_known_client(known), "{known}");
        }
        for unknown in [
            "https://chatgpt.com/connector/oauth/",
            "https://chatgpt.com/connector/oauth/../../evil",
            "https://chatgpt.com/connector/oauth/a?next=https://evil.example",
            "https://chatgpt.com.evil.example/connector/oauth/a",
            "https://evil.example/api/mcp/auth_callback",
        ] {
            assert!(!is_of_known_client(unknown), "{unknown}");
        }
    }

    #[test]
    fn only_safe_schemes_can_be_registered() {
        for uri in [
            "https://a.example/cb",
            "http://localhost:8080/cb",
            "http://[::1]/cb",
            "com.example.app:/cb",
        ] {
            check(uri).unwrap();
        }
        for uri in [
            "",
            "/cb",
            "http://a.example/cb",
            "http://localhost.evil.example/cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://a.example/cb#x",
            "https://*.example/cb",
            "https://u@a.example/cb",
            "file:///etc/passwd",
            "https://a.example/c b",
            "https://",
            "https:///cb",
            "https:\\\\a.example\\cb",
            "https:a.example/cb",
            "HTTPS://a.example/cb",
            "https://A.example/cb",
            "https://a.example:443/cb",
            "https://a.example/x/../cb",
        ] {
            assert!(check(uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn a_host_is_shown_only_of_a_web_address() {
        for (uri, shown) in [
            ("https://claude.ai/api/mcp/auth_callback", "claude.ai"),
            ("http://localhost:8080/callback", "localhost:8080"),
            ("http://[::1]:8080/callback", "[::1]:8080"),
            (
                "cursor://anysphere.cursor-mcp/oauth/callback",
                "the app for cursor:",
            ),
            ("com.evil.app://claude.ai/cb", "the app for com.evil.app:"),
        ] {
            assert_eq!(shown_host(uri), shown);
        }
    }

    #[test]
    fn a_redirect_uri_matches_exactly_but_for_a_loopback_port() {
        let claude = "https://claude.ai/api/mcp/auth_callback";
        assert!(matches(claude, claude));
        for hostile in [
            "https://claude.ai/api/mcp/auth_callback/",
            "https://claude.ai/api/mcp/auth_callback?x=1",
            "https://claude.ai:444/api/mcp/auth_callback",
            "https://CLAUDE.ai/api/mcp/auth_callback",
            "https://claude.ai@evil.example/api/mcp/auth_callback",
            "https://claude.ai.evil.example/api/mcp/auth_callback",
            "http://claude.ai/api/mcp/auth_callback",
        ] {
            assert!(!matches(claude, hostile), "{hostile}");
        }
        let code = "http://localhost/callback";
        assert!(matches(code, "http://localhost:53682/callback"));
        assert!(matches("http://127.0.0.1/", "http://127.0.0.1:33418"));
        for hostile in [
            "http://127.0.0.1:1/callback",
            "http://localhost:1/callback/x",
            "http://localhost:1/callback?x",
            "http://localhost:1@evil.example/callback",
            "http://localhost:99999/callback",
            "http://localhost.evil.example/callback",
            "https://localhost/callback",
        ] {
            assert!(!matches(code, hostile), "{hostile}");
        }
    }
}
