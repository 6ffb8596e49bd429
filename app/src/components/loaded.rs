//! What a page is about, or what kept it from coming.

use std::panic::resume_unwind;

use leptos::{either::Either, prelude::*, reactive::computed::ScopedFuture};
use tokio::task::JoinSet;
use tracing::Instrument;

use super::{failure::Failure, live::Gate};
use crate::api::UiError;

/// The page waits for it: nobody sees the page without it.
#[component]
pub fn Loaded<I, T, F, V>(
    /// What a server function answers; in here it is called and not sent to.
    from: I,
    show: F,
) -> impl IntoView
where
    I: IntoFuture<Output = Result<T, UiError>>,
    I::IntoFuture: Send + 'static,
    T: Send + 'static,
    F: FnOnce(T) -> V + Send + 'static,
    V: IntoView + 'static,
{
    let gate = use_context::<Gate>();
    let from = from.into_future();
    let from = begun(async move {
        if let Some(gate) = gate {
            gate.passed().await;
        }
        from.await
    });
    Suspend::new(async move {
        match from.await {
            Ok(loaded) => Either::Left(show(loaded)),
            Err(error) => Either::Right(view! { <Failure error /> }),
        }
    })
    .into_any()
}

/// Begins at once, and goes on whether or not anybody asks how far it is; ends with whoever waits for it.
///
/// Leptos polls every part of a page once, and then one after the other to its end. A part that had begun
/// would hold what it had taken, a session or a connection to the database, while nobody polls it: and the
/// part whose turn it is would wait for that forever.
pub(crate) fn begun<F>(future: F) -> impl Future<Output = F::Output> + Send + use<F>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let mut running = JoinSet::new();
    // What is logged of it says which request it was.
    running.spawn(ScopedFuture::new(future).in_current_span());
    async move {
        match running.join_next().await {
            Some(Ok(output)) => output,
            // As it would have here.
            Some(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
            _ => std::future::pending().await,
        }
    }
}
