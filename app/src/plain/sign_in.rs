//! Signing in.

use leptos::prelude::*;

use super::{
    Hidden, Problem, document,
    passkey::{PasskeyForm, PasskeyScript},
    with_next,
};
use crate::components::{
    badge::Tone,
    button::{Button, ButtonKind},
    notice::Notice,
};

/// What the sign-in page shows.
pub struct SignIn {
    pub csrf: String,
    /// Where to go once signed in: a path of ours, checked by the server.
    pub next: Option<String>,
    pub email: String,
    pub error: Option<String>,
    /// Something good to know.
    pub notice: Option<String>,
    /// `to connect Claude to the project CRM`
    pub purpose: Option<String>,
    pub can_sign_up: bool,
    /// Whether the instance can have passkeys.
    pub has_passkeys: bool,
    /// Id and name of each provider.
    pub providers: Vec<(String, String)>,
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
        let by_passkey = page.has_passkeys.then(|| {
            view! {
                <PasskeyForm
                    kind="get"
                    begin="/sign-in/passkey/challenge".to_owned()
                    action="/sign-in/passkey".to_owned()
                    csrf=page.csrf.clone()
                    next=page.next.clone()
                    button="Sign in with a passkey"
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
                        <Button is_wide=true>
                            {format!("Sign in with {name}")}
                        </Button>
                    </form>
                }
            })
            .collect_view();
        let other_ways = view! {
            <div class="stack-tight">{by_passkey} {by_provider}</div>
        };
        view! {
            <h1>"Sign in"</h1>
            {purpose.map(|purpose| view! { <p class="quiet">{purpose}</p> })}
            <Problem text=page.error />
            {page
                .notice
                .map(|text| {
                    view! {
                        <Notice tone=Tone::Good is_status=true>
                            {text}
                        </Notice>
                    }
                })}
            <form method="post" action="/sign-in" class="stack">
                <Hidden csrf=page.csrf.clone() next=page.next.clone() />
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
                <Button kind=ButtonKind::Primary is_wide=true>
                    "Sign in"
                </Button>
                <p class="below">
                    <a href="/recover">"I cannot sign in"</a>
                </p>
            </form>
            {other_ways}
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
