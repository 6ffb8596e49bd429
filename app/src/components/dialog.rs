//! Native dialogs. Their buttons carry `command` and `commandfor`, by which a browser opens and
//! closes them before the wasm arrives, and handlers for browsers that do not know these.

use leptos::{html, prelude::*};

use crate::browser;

#[component]
pub fn Dialog(
    /// Unique on the page.
    #[prop(into)]
    id: Oco<'static, str>,
    #[prop(into)] title: String,
    node: NodeRef<html::Dialog>,
    children: Children,
) -> impl IntoView {
    let titled_by = format!("{id}-title");
    view! {
        <dialog id=id class="dialog" node_ref=node aria-labelledby=titled_by>
            <h2 id=titled_by.clone()>{title}</h2>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
    .into_any()
}

/// Opens the dialog with this id.
#[component]
pub fn OpenButton(
    #[prop(into)] dialog: Oco<'static, str>,
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
pub fn CancelButton(
    #[prop(into)] dialog: Oco<'static, str>,
    node: NodeRef<html::Dialog>,
) -> impl IntoView {
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

/// The end of a form that asks before it does something: cancel, or do it. The dialog closes with
/// either, since the page is drawn afresh under it, and what failed is said there; it stays where the
/// browser finds a field of the form missing.
#[component]
pub fn ConfirmActions(
    #[prop(into)] dialog: Oco<'static, str>,
    node: NodeRef<html::Dialog>,
    /// What the button says that does it.
    confirm: &'static str,
) -> impl IntoView {
    view! {
        <div class="dialog-actions">
            <CancelButton dialog node />
            <button
                type="submit"
                class="btn btn-danger"
                on:click=move |event| {
                    if browser::form_of(&event).is_none_or(|form| form.check_validity()) {
                        browser::close(node);
                    }
                }
            >
                {confirm}
            </button>
        </div>
    }
    .into_any()
}
