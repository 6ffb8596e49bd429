//! The second factor, after the first proof of who one is.

use leptos::prelude::*;

use super::{
    Hidden, Problem, document,
    passkey::{PasskeyForm, PasskeyScript},
};
use crate::components::button::{Button, ButtonKind};

/// What the page shows.
pub struct SecondStep {
    pub csrf: String,
    pub email: String,
    pub error: Option<String>,
    pub has_totp: bool,
    pub has_passkey: bool,
    pub has_recovery_codes: bool,
}

/// The whole document.
#[must_use]
pub fn second_step(page: SecondStep) -> String {
    document("Second factor", false, move || {
        let hint = match (page.has_totp, page.has_recovery_codes) {
            (true, true) => "Six digits of your authenticator app, or a recovery code.",
            (true, false) => "Six digits of your authenticator app.",
            (false, _) => "One of the recovery codes that you kept.",
        };
        let label = match page.has_totp {
            true => "Code",
            false => "Recovery code",
        };
        let by_code = (page.has_totp || page.has_recovery_codes).then(|| {
            view! {
                <form method="post" action="/sign-in/second-step" class="stack">
                    <Hidden csrf=page.csrf.clone() next=None />
                    <div class="field">
                        <label for="code">{label}</label>
                        <input
                            id="code"
                            class="input input-code"
                            type="text"
                            name="code"
                            autocomplete="one-time-code"
                            autocapitalize="characters"
                            spellcheck="false"
                            required
                            autofocus
                            aria-describedby="code-hint"
                        />
                        <span class="hint" id="code-hint">
                            {hint}
                        </span>
                    </div>
                    <Button kind=ButtonKind::Primary is_wide=true>
                        "Go on"
                    </Button>
                </form>
            }
        });
        let by_passkey = page.has_passkey.then(|| {
            view! {
                <PasskeyForm
                    kind="get"
                    begin="/sign-in/second-step/challenge".to_owned()
                    action="/sign-in/second-step/passkey".to_owned()
                    csrf=page.csrf.clone()
                    next=None
                    button="Use a passkey"
                />
                <PasskeyScript />
            }
        });
        view! {
            <h1>"Second factor"</h1>
            <p class="quiet">
                "Your account " <strong>{page.email}</strong> " asks for one more proof that it is you."
            </p>
            <Problem text=page.error />
            {by_passkey}
            {by_code}
            <p class="below">
                "Lost all of these? Ask whoever runs this server for a recovery link. "
                <a href="/sign-in">"Start again"</a>
            </p>
        }
    })
}
