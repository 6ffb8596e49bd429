//! What is shown where something failed.

use leptos::prelude::*;

use crate::{
    api::{FieldProblem, UiError},
    browser,
};

/// A failure, in the place of what it kept from being shown.
#[component]
pub fn Failure(error: UiError) -> impl IntoView {
    let is_signed_out = error == UiError::SignedOut;
    let needs_proof = error == UiError::ProofNeeded;
    let needs_second_factor = matches!(error, UiError::SecondFactorNeeded { .. });
    Effect::new(move |_| {
        if is_signed_out {
            browser::sign_in_again();
        }
    });
    view! {
        <div class="notice notice-bad" role="alert">
            {error.to_string()}
            {is_signed_out
                .then(|| {
                    view! {
                        " "
                        <a href="/sign-in" rel="external">
                            "Sign in"
                        </a>
                    }
                })}
            {needs_proof
                .then(|| {
                    view! {
                        " "
                        // In a tab of its own, so that what is filled in here stays.
                        <a href="/confirm" target="_blank" rel="external">
                            "Confirm that it is you"
                        </a>
                    }
                })}
            {needs_second_factor
                .then(|| {
                    view! {
                        " "
                        <a href="/account/security">"Add one"</a>
                    }
                })}
        </div>
    }
    .into_any()
}

/// What the last answer of a form's action says is wrong, beside what its fields say themselves.
#[component]
pub fn FormFailure(
    #[prop(into)] error: Signal<Option<UiError>>,
    /// The fields that show their own problems.
    fields: &'static [&'static str],
) -> impl IntoView {
    move || {
        let error = error.get()?;
        let elsewhere: Vec<FieldProblem> = error
            .problems()
            .into_iter()
            .filter(|problem| !fields.iter().any(|field| problem.is_about(field)))
            .collect();
        let is_in_fields = elsewhere.is_empty() && !error.problems().is_empty();
        Some(if is_in_fields {
            view! {
                <div class="notice notice-bad" role="alert">
                    "Something in the form needs mending: see the marked fields."
                </div>
            }
            .into_any()
        } else if elsewhere.is_empty() {
            view! { <Failure error /> }.into_any()
        } else {
            let lines = elsewhere.into_iter().map(|problem| {
                view! { <p>{format!("{}: {}", problem.field, problem.message)}</p> }
            });
            view! {
                <div class="notice notice-bad" role="alert">
                    {lines.collect_view()}
                </div>
            }
            .into_any()
        })
    }
}

/// The error in the last answer of an action, if it was one.
pub fn error_of<T: Clone + Send + Sync + 'static>(
    value: impl With<Value = Option<Result<T, UiError>>> + Copy + Send + Sync + 'static,
) -> Signal<Option<UiError>> {
    Signal::derive(move || value.with(|value| value.as_ref()?.as_ref().err().cloned()))
}

/// The field problems in an error.
pub fn problems_of(error: Signal<Option<UiError>>) -> Signal<Vec<FieldProblem>> {
    Signal::derive(move || error.with(|it| it.as_ref().map(UiError::problems).unwrap_or_default()))
}
