//! Native dialogs. Their buttons carry `command` and `commandfor`, by which a browser opens and
//! closes them before the wasm arrives, and handlers for browsers that do not know these.

use leptos::{html, prelude::*};

use crate::browser;

#[component]
pub fn Dialog(
    /// Unique on the page.
    id: &'static str,
    #[prop(into)] title: String,
    node: NodeRef<html::Dialog>,
    children: Children,
) -> impl IntoView {
    view! {
        <dialog id=id class="dialog" node_ref=node aria-labelledby=format!("{id}-title")>
            <h2 id=format!("{id}-title")>{title}</h2>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
    .into_any()
}

/// Opens the dialog with this id.
#[component]
pub fn OpenButton(
    dialog: &'static str,
    node: NodeRef<html::Dialog>,
    #[prop(default = "btn")] class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=class
            command="show-modal"
            commandfor=dialog
            on:click=move |_| {
                if !browser::obeys_commands() {
                    browser::open(node);
                }
            }
        >
            {children()}
        </button>
    }
    .into_any()
}

/// Closes the dialog that it is in, and changes nothing.
#[component]
pub fn CancelButton(dialog: &'static str, node: NodeRef<html::Dialog>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="btn"
            command="close"
            commandfor=dialog
            on:click=move |_| {
                if !browser::obeys_commands() {
                    browser::close(node);
                }
            }
        >
            "Cancel"
        </button>
    }
    .into_any()
}
