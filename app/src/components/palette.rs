//! The command palette: where one can go, by typing a piece of its name. Without wasm its link is a page
//! that finds the same (`/search`).

use leptos::prelude::*;

use crate::ssr::{answer, search};

/// In the top bar; with wasm it opens the palette (`frontend/src/palette.rs`).
#[component]
pub fn SearchLink() -> impl IntoView {
    let href = match search::project_of_page() {
        Some(project) => format!("/search?project={project}"),
        None => "/search".to_owned(),
    };
    view! {
        <a class="search-link" href=href data-palette-open aria-keyshortcuts="Control+K Meta+K">
            "Search"
            <kbd class="with-wasm" aria-hidden="true">
                "Ctrl K"
            </kbd>
        </a>
    }
    .into_any()
}

/// The dialog. It stands beside what the wasm brings up to date, so that nothing is taken from it while
/// somebody types.
#[component]
pub fn Palette() -> impl IntoView {
    if answer::page().is_none() {
        return ().into_any();
    }
    view! {
        <dialog id="palette" class="dialog palette" aria-label="Go anywhere" closedby="any">
            <form role="search" action="/search">
                <input
                    class="input"
                    type="text"
                    name="q"
                    role="combobox"
                    aria-label="Where to"
                    aria-expanded="true"
                    aria-controls="palette-found"
                    aria-autocomplete="list"
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    placeholder="Go to a page, a tool, a guide…"
                />
                {search::project_of_page()
                    .map(|id| view! { <input type="hidden" name="project" value=id /> })}
            </form>
            <div
                id="palette-found"
                class="palette-found"
                role="listbox"
                aria-label="Where you can go"
            ></div>
            <p class="palette-foot" aria-hidden="true">
                <span>
                    <kbd>"↑"</kbd>
                    " "
                    <kbd>"↓"</kbd>
                    " choose"
                </span>
                <span>
                    <kbd>"Enter"</kbd>
                    " go"
                </span>
                <span>
                    <kbd>"Esc"</kbd>
                    " close"
                </span>
            </p>
            <span class="sr-only" role="status" data-palette-count></span>
        </dialog>
    }
    .into_any()
}
