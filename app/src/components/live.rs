//! A page that shows what changes elsewhere.

use std::sync::Arc;

use leptos::prelude::*;
use tokio::sync::watch;

use super::loaded::begun;
use crate::ssr::live::{Listened, address};

/// Has the wasm ask for this page again when something of the project changed (`frontend/src/live.rs`). Stands
/// before what the page loads: that waits until it is known since when changes are news.
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
    let listened = Listened {
        project_id,
        calls,
        integration,
    };
    let (known, gate) = watch::channel(());
    provide_context(Gate(Arc::new(gate)));
    let url = begun(async move {
        let url = address(listened).await;
        drop(known);
        url
    });
    Suspend::new(async move {
        url.await
            .map(|url| view! { <div hidden data-live=url></div> })
    })
    .into_any()
}

/// What a page loads has to come after this, so that nothing falls between the two.
#[derive(Clone)]
pub(super) struct Gate(Arc<watch::Receiver<()>>);

impl Gate {
    pub(super) async fn passed(self) {
        // It holds nothing, and is only dropped.
        _ = watch::Receiver::clone(&self.0).changed().await;
    }
}
