//! Where a person connects their account at another server.

use leptos::prelude::*;

use super::{Hidden, Problem, document};
use crate::components::button::{Button, ButtonKind};

/// What the page shows.
pub struct ConnectAccount {
    /// Where the form goes.
    pub action: String,
    pub csrf: String,
    /// The digest of the client that the page shows.
    pub client: String,
    pub problem: Option<String>,
    /// What the project calls the other server.
    pub name: String,
    pub project: String,
    pub user_email: String,
    /// The host at which the person gives leave.
    pub authorization_host: String,
    pub scopes: Vec<String>,
    /// Where the tokens are sent.
    pub origins: Vec<String>,
    /// The tools that act with the account.
    pub tools: Vec<String>,
    pub state: ConnectState,
}

/// How the person stands with it; each with how long ago it was connected.
pub enum ConnectState {
    NotConnected,
    Connected(String),
    Ended(String),
}

/// The whole document.
#[must_use]
pub fn connect_account(page: ConnectAccount) -> String {
    let title = format!("Your account at {}", page.name);
    document(&title, true, move || {
        let (status, button, is_connected) = match page.state {
            ConnectState::NotConnected => ("Not connected".to_owned(), "Connect my account", false),
            ConnectState::Connected(since) => (
                format!("Connected {since}"),
                "Connect another account",
                true,
            ),
            ConnectState::Ended(since) => (
                format!(
                    "Ended: connected {since}, and the other server does not renew it any more"
                ),
                "Connect again",
                false,
            ),
        };
        let scopes = if page.scopes.is_empty() {
            "Whatever the other server grants".to_owned()
        } else {
            page.scopes.join(", ")
        };
        let tools = match page.tools.len() {
            0 => "None yet".to_owned(),
            1..=8 => page.tools.join(", "),
            more => format!("{} and {} more", page.tools[..8].join(", "), more - 8),
        };
        let disconnect = format!("{}/disconnect", page.action);
        let csrf = page.csrf.clone();
        view! {
            <h1>"Your account at " {page.name}</h1>
            <Problem text=page.problem />
            <p>
                "Some tools of " <strong>{page.project}</strong>
                " act with your own account there, for your calls only. Nobody else’s calls use it."
            </p>
            <dl class="pairs">
                <dt>"State"</dt>
                <dd>
                    <strong>{status}</strong>
                </dd>
                <dt>"You give leave at"</dt>
                <dd class="mono">{page.authorization_host}</dd>
                <dt>"Asked for"</dt>
                <dd>{scopes}</dd>
                <dt>"Sent only to"</dt>
                <dd class="mono">{page.origins.join(", ")}</dd>
                <dt>"Tools that use it"</dt>
                <dd class="mono">{tools}</dd>
                <dt>"Signed in here as"</dt>
                <dd>{page.user_email}</dd>
            </dl>
            <div class="actions">
                <form method="post" action=page.action>
                    <Hidden csrf=csrf next=None />
                    <input type="hidden" name="client" value=page.client />
                    <Button kind=ButtonKind::Primary>
                        {button}
                    </Button>
                </form>
                {is_connected
                    .then(|| {
                        view! {
                            <form method="post" action=disconnect>
                                <Hidden csrf=page.csrf next=None />
                                <Button>
                                    "Disconnect"
                                </Button>
                            </form>
                        }
                    })}
            </div>
            {is_connected
                .then(|| {
                    view! {
                        <p class="hint">
                            "You can close this page: ask Claude again, and the tool acts with your account."
                        </p>
                    }
                })}
        }
    })
}
