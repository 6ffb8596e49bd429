//! A sentence that is not to be missed, where it belongs on the page.

use leptos::prelude::*;

use super::badge::Tone;

#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    /// Whether it says what went wrong with what was just done, and is read out at once.
    #[prop(optional)]
    is_alert: bool,
    /// Whether it says what came of it, and is read out when nothing else is.
    #[prop(optional)]
    is_status: bool,
    /// Whether a script of the page writes and shows it (`public/passkeys.js`).
    #[prop(optional)]
    is_of_script: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let class = match tone {
        Tone::Plain => "notice",
        Tone::Good => "notice notice-ok",
        Tone::Warning => "notice notice-warn",
        Tone::Bad => "notice notice-bad",
    };
    let role = match (is_alert, is_status) {
        (true, _) => Some("alert"),
        (false, true) => Some("status"),
        (false, false) => None,
    };
    view! {
        <div class=class role=role data-problem=is_of_script hidden=is_of_script>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
