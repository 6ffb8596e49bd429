//! How to connect, a file for each client: the fields in the order of its own dialog. Snippets hold ids
//! and URLs, never names that people gave, and never a secret.

mod chatgpt;
mod claude;
mod claude_code;
mod cursor;
mod escape;
mod inspector;
mod other;
mod redirects;
mod self_registered;
mod vs_code;

use leptos::prelude::*;

pub use escape::in_query;
pub use redirects::AddRedirect;

use crate::api::integrations::IntegrationDetails;

/// What the server is called in the clients' configurations.
const NAME: &str = "tengine";
/// What stands in a snippet where the secret belongs.
const SECRET_PLACE: &str = "YOUR_CLIENT_SECRET";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guide {
    Claude,
    ClaudeCode,
    Cursor,
    VsCode,
    ChatGpt,
    Inspector,
    Other,
}

impl Guide {
    pub const ALL: [Self; 7] = [
        Self::Claude,
        Self::ClaudeCode,
        Self::Cursor,
        Self::VsCode,
        Self::ChatGpt,
        Self::Inspector,
        Self::Other,
    ];

    /// The word in the page's address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Claude => "claude",
            Self::ClaudeCode => "claude-code",
            Self::Cursor => "cursor",
            Self::VsCode => "vs-code",
            Self::ChatGpt => "chatgpt",
            Self::Inspector => "inspector",
            Self::Other => "other",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Claude => "Claude",
            Self::ClaudeCode => "Claude Code",
            Self::Cursor => "Cursor",
            Self::VsCode => "VS Code",
            Self::ChatGpt => "ChatGPT",
            Self::Inspector => "MCP Inspector",
            Self::Other => "Others",
        }
    }

    /// The one that an address asks for; else the one that most people came for and that can reach this
    /// server.
    pub fn asked(word: Option<&str>, is_loopback: bool) -> Self {
        let usual = match is_loopback {
            true => Self::ClaudeCode,
            false => Self::Claude,
        };
        let found = Self::ALL
            .into_iter()
            .find(|guide| Some(guide.word()) == word);
        found.unwrap_or(usual)
    }

    /// Its requests come from its maker's cloud, not from the machine that it runs on.
    pub const fn calls_from_a_cloud(self) -> bool {
        matches!(self, Self::Claude | Self::ChatGpt)
    }
}

#[component]
pub fn Steps(guide: Guide, details: IntegrationDetails) -> impl IntoView {
    match guide {
        Guide::Claude => view! { <claude::Claude details /> }.into_any(),
        Guide::ClaudeCode => view! { <claude_code::ClaudeCode details /> }.into_any(),
        Guide::Cursor => view! { <cursor::Cursor details /> }.into_any(),
        Guide::VsCode => view! { <vs_code::VsCode details /> }.into_any(),
        Guide::ChatGpt => view! { <chatgpt::ChatGpt details /> }.into_any(),
        Guide::Inspector => view! { <inspector::Inspector details /> }.into_any(),
        Guide::Other => view! { <other::Other details /> }.into_any(),
    }
}

/// Where the secret comes from, which no page shows twice.
fn secret_hint(details: &IntegrationDetails) -> &'static str {
    match details.is_public {
        true => "leave it empty, this client is public.",
        false => {
            "the one that was shown when you created the integration or last rotated it. If it is lost, rotate it above."
        }
    }
}

/// What happens in the browser then.
fn approval(details: &IntegrationDetails) -> &'static str {
    match details.is_automatic {
        true => "It connects without asking anyone: this integration approves by itself.",
        false => "This server's page opens: sign in and choose which tools it may use.",
    }
}

#[cfg(test)]
mod tests {
    use super::Guide;

    #[test]
    fn the_address_says_which_guide() {
        for guide in Guide::ALL {
            assert_eq!(Guide::asked(Some(guide.word()), false), guide);
        }
        for unknown in [None, Some(""), Some("x")] {
            assert_eq!(Guide::asked(unknown, false), Guide::Claude);
            assert_eq!(Guide::asked(unknown, true), Guide::ClaudeCode);
        }
    }
}
