//! A page that shows what changes elsewhere.

use leptos::prelude::*;

/// Has the wasm ask for this page again when something of the project changed (`frontend/src/live.rs`).
#[component]
pub fn Live(
    #[prop(into)] project_id: String,
    /// Whether the page shows calls.
    #[prop(optional)]
    calls: bool,
    /// The integration whose steps of connecting it shows.
    #[prop(optional, into)]
    integration: Option<String>,
) -> impl IntoView {
    let mut url = format!("/live/{project_id}?");
    if calls {
        url.push_str("calls&");
    }
    if let Some(id) = integration {
        url.push_str("integration=");
        url.push_str(&id);
    }
    view! { <div hidden data-live=url.trim_end_matches(['?', '&']).to_owned()></div> }.into_any()
}
