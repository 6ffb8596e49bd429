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

#[cfg(test)]
mod tests {
    use std::{
        future::poll_fn,
        pin::pin,
        sync::atomic::{AtomicBool, Ordering},
        task::Poll,
    };

    use super::*;

    fn gate() -> (watch::Sender<()>, Gate) {
        let (known, gate) = watch::channel(());
        (known, Gate(Arc::new(gate)))
    }

    #[component]
    fn Before() -> impl IntoView {
        provide_context(gate().1);
    }

    #[component]
    fn After(has_gate: Arc<AtomicBool>) -> impl IntoView {
        has_gate.store(use_context::<Gate>().is_some(), Ordering::Relaxed);
    }

    #[test]
    fn what_stands_after_it_on_a_page_finds_its_gate() {
        let has_gate = Arc::new(AtomicBool::new(false));
        let seen = has_gate.clone();
        Owner::new().with(|| view! { <Before /> <After has_gate /> }.to_html());
        assert!(seen.load(Ordering::Relaxed));
    }

    #[tokio::test]
    async fn the_gate_is_closed_until_it_is_known_since_when() {
        let (known, gate) = gate();
        let mut passed = pin!(gate.passed());
        let is_open = poll_fn(|context| Poll::Ready(passed.as_mut().poll(context).is_ready()));
        assert!(!is_open.await);
        drop(known);
        passed.await;
    }
}
