//! Showing once more who one is.

use leptos::prelude::*;

use super::{
    Hidden, Problem, document,
    passkey::{PasskeyForm, PasskeyScript},
};
use crate::components::button::{Button, ButtonKind};

/// What the page shows.
pub struct Confirm {
    pub csrf: String,
    /// Where to go afterwards: a path of ours, checked by the server.
    pub next: Option<String>,
    pub email: String,
    pub error: Option<String>,
    pub has_password: bool,
    pub has_passkey: bool,
    /// Id and name of each provider that can show that it is them.
    pub providers: Vec<(String, String)>,
}

/// The whole document.
#[must_use]
pub fn confirm(page: Confirm) -> String {
    document("Confirm that it is you", false, move || {
        let is_stuck = !page.has_password && !page.has_passkey && page.providers.is_empty();
        let again = page.csrf.clone();
        let by_passkey = page.has_passkey.then(|| {
            view! {
                <PasskeyForm
                    kind="get"
                    begin="/confirm/challenge".to_owned()
                    action="/confirm/passkey".to_owned()
                    csrf=page.csrf.clone()
                    next=page.next.clone()
                    button="Use a passkey"
                />
                <PasskeyScript />
            }
        });
        let by_provider = page
            .providers
            .into_iter()
            .map(|(id, name)| {
                view! {
                    <form method="post" action=format!("/sign-in/with/{id}")>
                        <Hidden csrf=page.csrf.clone() next=page.next.clone() />
                        <input type="hidden" name="purpose" value="prove" />
                        <Button is_wide=true>
                            {format!("Sign in with {name} once more")}
                        </Button>
                    </form>
                }
            })
            .collect_view();
        let by_password = page.has_password.then(|| {
            view! {
            <form method="post" action="/confirm" class="stack">
                <Hidden csrf=page.csrf.clone() next=page.next.clone() />
                // Tells a password manager whose password it is.
                <input type="hidden" name="email" autocomplete="username" value=page.email.clone() />
                <div class="field">
                    <label for="password">"Your password"</label>
                    <input
                        id="password"
                        class="input"
                        type="password"
                        name="password"
                        autocomplete="current-password"
                        required
                        autofocus
                    />
                </div>
                <Button kind=ButtonKind::Primary is_wide=true>
                    "Confirm"
                </Button>
            </form>
            }
        });
        view! {
            <h1>"Confirm that it is you"</h1>
            <p class="quiet">
                "What you are about to do cannot be left to whoever finds this screen open. You are signed in as "
                <strong>{page.email.clone()}</strong> "."
            </p>
            <Problem text=page.error />
            {by_passkey}
            {by_password}
            {by_provider}
            {is_stuck
                .then(|| {
                    view! {
                        <p>
                            "You have no password and no passkey here. Sign out and in again, and come back within some minutes."
                        </p>
                        <form method="post" action="/sign-out">
                            <Hidden csrf=again next=None />
                            <Button is_wide=true>
                                "Sign out"
                            </Button>
                        </form>
                    }
                })}
        }
    })
}
