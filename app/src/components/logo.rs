//! The mark: a gear with a t.

use leptos::prelude::*;

/// The mark and the name. Used in the top bar and on the plain pages.
#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <circle
                cx="16"
                cy="16"
                r="12.6"
                fill="none"
                stroke="currentColor"
                stroke-width="4"
                stroke-dasharray="4.948 4.948"
            ></circle>
            <circle cx="16" cy="16" r="11.2" fill="currentColor"></circle>
            <path
                d="M15 8.6v11c0 1.8.9 2.9 2.7 2.9h2M11 12.9h8.2"
                fill="none"
                stroke="var(--surface)"
                stroke-width="2.8"
                stroke-linecap="round"
                stroke-linejoin="round"
            ></path>
        </svg>
        <span>"TengineAI"</span>
    }
}
