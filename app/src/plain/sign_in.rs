//! Signing in.

use leptos::prelude::*;

use super::{Hidden, Problem, document, with_next};

/// What the sign-in page shows.
pub struct SignIn {
    pub csrf: String,
    /// Where to go once signed in: a path of ours, checked by the server.
    pub next: Option<String>,
    pub email: String,
    pub error: Option<String>,
    /// `to connect Claude to the project CRM`
    pub purpose: Option<String>,
    pub can_sign_up: bool,
}

/// The whole document.
#[must_use]
pub fn sign_in(page: SignIn) -> String {
    let sign_up = page
        .can_sign_up
        .then(|| with_next("/sign-up", page.next.as_deref()));
    document("Sign in", false, move || {
        let purpose = page.purpose.map(|purpose| format!("Sign in {purpose}."));
        // Who comes back after a mistake goes on with the password.
        let knows_email = !page.email.is_empty();
        view! {
            <h1>"Sign in"</h1>
            {purpose.map(|purpose| view! { <p class="quiet">{purpose}</p> })}
            <Problem text=page.error />
            <form method="post" action="/sign-in" class="stack">
                <Hidden csrf=page.csrf next=page.next />
                <div class="field">
                    <label for="email">"Email"</label>
                    <input
                        id="email"
                        class="input"
                        type="email"
                        name="email"
                        value=page.email
                        autocomplete="username"
                        required
                        autofocus=!knows_email
                    />
                </div>
                <div class="field">
                    <label for="password">"Password"</label>
                    <input
                        id="password"
                        class="input"
                        type="password"
                        name="password"
                        autocomplete="current-password"
                        required
                        autofocus=knows_email
                    />
                </div>
                <button type="submit" class="btn btn-primary btn-wide">
                    "Sign in"
                </button>
            </form>
            {match sign_up {
                Some(href) => {
                    view! {
                        <p class="below">"No account yet? " <a href=href>"Create an account"</a></p>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <p class="below">
                            "No account yet? Ask whoever runs this server, or whoever sent you here, for one."
                        </p>
                    }
                        .into_any()
                }
            }}
        }
    })
}
