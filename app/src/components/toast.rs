//! What is said for a moment, over everything. Only `frontend/src/toast.rs` says it: without wasm the page
//! that answers says the same in its place.

use leptos::prelude::*;

/// Where toasts appear.
#[component]
pub fn Toasts() -> impl IntoView {
    view! { <div id="toasts" class="toasts"></div> }
}

/// As the wasm makes one.
#[component]
pub fn Toast(#[prop(optional)] is_bad: bool, children: Children) -> impl IntoView {
    let (class, role) = match is_bad {
        false => ("toast", "status"),
        true => ("toast toast-bad", "alert"),
    };
    view! {
        <div class=class role=role>
            {children()}
        </div>
    }
    .into_any()
}
