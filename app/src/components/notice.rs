//! A sentence that is not to be missed, where it belongs on the page.

use leptos::prelude::*;

use super::badge::Tone;

#[component]
pub fn Notice(
    #[prop(optional)] tone: Tone,
    /// Whether it answers something that was just done, and is read out at once.
    #[prop(optional)]
    is_alert: bool,
    children: Children,
) -> impl IntoView {
    let class = match tone {
        Tone::Plain => "notice",
        Tone::Good => "notice notice-ok",
        Tone::Warning => "notice notice-warn",
        Tone::Bad => "notice notice-bad",
    };
    view! {
        <div class=class role=is_alert.then_some("alert")>
            {children()}
        </div>
    }
    .into_any()
}
