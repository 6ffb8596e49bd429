//! A dialog with what is shown once: a secret, a link.

use leptos::prelude::*;

/// It is in the page that answers the form which made what it shows, and in no other; `frontend/src/kept.rs`
/// lets nobody leave it by accident. It is closed only by who says that they have it.
#[component]
pub fn ShownOnce(
    id: &'static str,
    title: &'static str,
    /// Where the reader goes then.
    #[prop(into)]
    next: String,
    #[prop(default = "I have saved it")] done: &'static str,
    /// Whether it cannot be seen again: that a mail is on its way may be missed.
    #[prop(default = true)]
    is_kept: bool,
    /// Another way to save it.
    #[prop(optional, into)]
    save: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let titled_by = format!("{id}-title");
    view! {
        <dialog
            id=id
            class="dialog"
            open
            data-kept=is_kept
            closedby="none"
            aria-labelledby=titled_by
        >
            <h2 id=titled_by.clone()>{title}</h2>
            <div class="dialog-body">
                {children()}
                <div class="dialog-actions">
                    {save}
                    <a class="btn btn-primary" role="button" href=next data-saved>
                        {done}
                    </a>
                </div>
            </div>
        </dialog>
    }
    .into_any()
}
