//! What a resource brings, or what kept it from coming.

use leptos::{either::Either, prelude::*};

use super::failure::Failure;
use crate::api::UiError;

/// Shows what was loaded; while it loads again, what was there stays.
#[component]
pub fn Loaded<T, F, V>(from: Resource<Result<T, UiError>>, show: F) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=|| view! { <p class="loading">"Loading…"</p> }>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match from.await {
                        Ok(loaded) => Either::Left(show(loaded)),
                        Err(error) => Either::Right(view! { <Failure error /> }),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}
