//! The person's own password, asked for once more.

use leptos::prelude::*;

use super::field::TextField;
use crate::api::FieldProblem;

#[component]
pub fn PasswordField(
    /// Unique on the page.
    id: &'static str,
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    view! {
        <TextField
            label="Your password"
            field="password"
            id
            kind="password"
            autocomplete="current-password"
            hint="Once more, so that nobody else does this at your screen."
            problems
        />
    }
    .into_any()
}
