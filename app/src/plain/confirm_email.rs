//! What a link that was sent to an address leads to.

use leptos::prelude::*;

use super::{Hidden, document};
use crate::components::button::{Button, ButtonKind};

/// What the page shows.
pub struct ConfirmEmail {
    pub csrf: String,
    /// The link's own address, where its form goes.
    pub action: String,
    /// `a…@example.com`
    pub email: String,
}

/// The whole document.
#[must_use]
pub fn confirm_email(page: ConfirmEmail) -> String {
    document("Confirm your address", false, move || {
        view! {
            <h1>"Confirm your address"</h1>
            <p>"Is " <strong>{page.email}</strong> " to be the address of your account?"</p>
            <form method="post" action=page.action class="stack">
                <Hidden csrf=page.csrf next=None />
                <Button kind=ButtonKind::Primary is_wide=true>
                    "Yes, it is mine"
                </Button>
            </form>
        }
    })
}
