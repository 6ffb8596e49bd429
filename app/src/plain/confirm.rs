//! Showing once more who one is.

use leptos::prelude::*;

use super::{Hidden, Problem, document};

/// What the page shows.
pub struct Confirm {
    pub csrf: String,
    /// Where to go afterwards: a path of ours, checked by the server.
    pub next: Option<String>,
    pub email: String,
    pub error: Option<String>,
}

/// The whole document.
#[must_use]
pub fn confirm(page: Confirm) -> String {
    document("Confirm that it is you", false, move || {
        view! {
            <h1>"Confirm that it is you"</h1>
            <p class="quiet">
                "What you are about to do cannot be left to whoever finds this screen open. You are signed in as "
                <strong>{page.email.clone()}</strong> "."
            </p>
            <Problem text=page.error />
            <form method="post" action="/confirm" class="stack">
                <Hidden csrf=page.csrf next=page.next />
                // Tells a password manager whose password it is.
                <input type="hidden" name="email" autocomplete="username" value=page.email />
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
                <button type="submit" class="btn btn-primary btn-wide">
                    "Confirm"
                </button>
            </form>
        }
    })
}
