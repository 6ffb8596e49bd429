//! The keys that do something, in a dialog that `?` opens (`frontend/src/shortcuts.rs`).

use leptos::prelude::*;

use super::dialog::{CloseButton, Dialog};

/// By which the wasm finds it.
const DIALOG: &str = "shortcuts";

#[component]
pub fn Shortcuts() -> impl IntoView {
    view! {
        <Dialog id=DIALOG title="Keys">
            <dl class="shortcuts">
                <dt>
                    <kbd>"Ctrl"</kbd>
                    <kbd>"K"</kbd>
                </dt>
                <dd>"Go anywhere; on a Mac ⌘ K"</dd>
                <dt>
                    <kbd>"/"</kbd>
                </dt>
                <dd>"Search what the page lists, else everything"</dd>
                <dt>
                    <kbd>"?"</kbd>
                </dt>
                <dd>"These keys"</dd>
                <dt>
                    <kbd>"↑"</kbd>
                    <kbd>"↓"</kbd>
                </dt>
                <dd>"Move in a menu, and in what was found"</dd>
                <dt>
                    <kbd>"Esc"</kbd>
                </dt>
                <dd>"Close what is open"</dd>
            </dl>
            <div class="dialog-actions">
                <CloseButton dialog=DIALOG text="Close" />
            </div>
        </Dialog>
    }
    .into_any()
}
