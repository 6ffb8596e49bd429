//! A button, and the dialog with a form that it opens: how something new is made from a list.

use leptos::prelude::*;

use super::{
    button::{Button, ButtonKind},
    dialog::{CancelButton, Dialog, OpenButton},
    failure::FormFailure,
    form::{Form, SentForm},
};

#[component]
pub fn FormDialog(
    /// Of the dialog; unique on the page.
    id: &'static str,
    /// What the button says that opens it.
    open: &'static str,
    title: &'static str,
    #[prop(into)] of: SentForm,
    /// The fields that show their own problems.
    fields: &'static [&'static str],
    /// What the button says that sends the form.
    submit: &'static str,
    /// Whether what the function answers is to be seen, on this page.
    #[prop(optional)]
    shows: bool,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <OpenButton dialog=id kind=ButtonKind::Primary>
            {open}
        </OpenButton>
        <Dialog id title of=of.clone()>
            <Form of class="stack" shows>
                <FormFailure fields />
                {children()}
                <div class="dialog-actions">
                    <CancelButton dialog=id />
                    <Button kind=ButtonKind::Primary>{submit}</Button>
                </div>
            </Form>
        </Dialog>
    }
    .into_any()
}
