//! Adding an authenticator app, and recovery codes, which are shown once.

use leptos::prelude::*;

use super::{Hidden, Problem, document};
use crate::components::button::{Button, ButtonKind, LinkButton};

/// What the page shows.
pub struct Authenticator {
    pub csrf: String,
    /// The picture of it that a phone reads, as a `data:` address.
    pub picture: String,
    /// The secret in groups of four, for typing.
    pub secret: String,
    /// The `otpauth://` address, for an app on this device.
    pub uri: String,
    pub error: Option<String>,
}

/// The whole document.
#[must_use]
pub fn authenticator(page: Authenticator) -> String {
    document("Authenticator app", false, move || {
        view! {
            <h1>"Authenticator app"</h1>
            <ol class="steps">
                <li>
                    <p>"Scan this with the app on your phone."</p>
                    <img class="qr" src=page.picture alt="The secret as a QR code" width="220" height="220" />
                    <details class="fold">
                        <summary>"It cannot scan"</summary>
                        <div class="fold-body">
                            <p>"Type this secret into the app:"</p>
                            <p class="mono">{page.secret}</p>
                            <p>
                                <a href=page.uri>"Open it in an app on this device"</a>
                            </p>
                        </div>
                    </details>
                </li>
                <li>
                    <p>"Enter the six digits that it shows."</p>
                    <Problem text=page.error />
                    <form method="post" action="/account/authenticator" class="stack">
                        <Hidden csrf=page.csrf next=None />
                        <div class="field">
                            <label for="code">"Code"</label>
                            <input
                                id="code"
                                class="input input-code"
                                type="text"
                                inputmode="numeric"
                                name="code"
                                autocomplete="one-time-code"
                                required
                                autofocus
                            />
                        </div>
                        <Button kind=ButtonKind::Primary is_wide=true>
                            "Add it"
                        </Button>
                    </form>
                </li>
            </ol>
            <p class="below">
                <a href="/account/security">"Cancel"</a>
            </p>
        }
    })
}

/// Recovery codes, once.
#[must_use]
pub fn recovery_codes(codes: Vec<String>) -> String {
    document("Recovery codes", false, move || {
        let list = codes
            .into_iter()
            .map(|code| view! { <li class="mono">{code}</li> })
            .collect_view();
        view! {
            <h1>"Your recovery codes"</h1>
            <p>
                "Each stands in once for your password or for the second factor. Keep them where you keep passwords: they are shown this once, and earlier codes no longer work."
            </p>
            <ul class="recovery-codes">{list}</ul>
            // Shown by the script, which is what they need.
            <div class="cluster" data-recovery-codes hidden>
                <button type="button" class="btn" data-copy>
                    "Copy them"
                </button>
                <button type="button" class="btn" data-print>
                    "Print them"
                </button>
                <span role="status"></span>
            </div>
            <script src="/recovery-codes.js" defer></script>
            <LinkButton href="/account/security" kind=ButtonKind::Primary is_wide=true>
                "I have saved them"
            </LinkButton>
        }
    })
}
