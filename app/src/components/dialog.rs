//! Native dialogs. Their buttons carry `command` and `commandfor`, by which a browser opens and
//! closes them; `frontend/src/dialogs.rs` does so in those that do not know these.

use leptos::prelude::*;

use super::{
    button::{Button, ButtonKind},
    form::SentForm,
};

#[component]
pub fn Dialog(
    /// Unique on the page.
    #[prop(into)]
    id: Oco<'static, str>,
    #[prop(into)] title: String,
    /// Whether it is there when the page comes: it holds what a form just brought.
    #[prop(optional)]
    is_open: bool,
    /// The form in it: while that says what is wrong, the dialog is open.
    #[prop(optional, into)]
    of: Option<SentForm>,
    /// The page without it, where it is open because the address asks for it (`frontend/src/dialogs.rs`).
    #[prop(optional, into)]
    back: Option<String>,
    children: Children,
) -> impl IntoView {
    let is_open = is_open || of.is_some_and(|form| form.error().is_some());
    let titled_by = format!("{id}-title");
    view! {
        <dialog id=id class="dialog" aria-labelledby=titled_by open=is_open data-back=back>
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
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] is_small: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=kind.class(is_small) command="show-modal" commandfor=dialog>
            {children()}
        </button>
    }
    .into_any()
}

/// Closes the dialog that it is in, and changes nothing.
#[component]
pub fn CancelButton(#[prop(into)] dialog: Oco<'static, str>) -> impl IntoView {
    view! { <CloseButton dialog text="Cancel" /> }
}

/// Closes a dialog in which nothing is to be decided.
#[component]
pub fn CloseButton(#[prop(into)] dialog: Oco<'static, str>, text: &'static str) -> impl IntoView {
    view! {
        <button type="button" class="btn" command="close" commandfor=dialog>
            {text}
        </button>
    }
    .into_any()
}

/// The end of a form that asks before it does something: cancel, or do it. What failed is said on the
/// page that answers, in the dialog where it is told of the form.
#[component]
pub fn ConfirmActions(
    #[prop(into)] dialog: Oco<'static, str>,
    /// What the button says that does it.
    confirm: &'static str,
) -> impl IntoView {
    view! {
        <div class="dialog-actions">
            <CancelButton dialog />
            <Button kind=ButtonKind::Danger>{confirm}</Button>
        </div>
    }
    .into_any()
}
