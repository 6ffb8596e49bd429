//! What is shown where something failed.

use leptos::prelude::*;

use super::{badge::Tone, form::SentForm, notice::Notice};
use crate::api::{FieldProblem, UiError};

/// A failure, in the place of what it kept from being shown.
#[component]
pub fn Failure(error: UiError) -> impl IntoView {
    let way_on = match &error {
        UiError::SignedOut => Some(view! { <a href="/sign-in">"Sign in"</a> }.into_any()),
        // In a tab of its own, so that what is filled in here stays.
        UiError::ProofNeeded => Some(
            view! {
                <a href="/confirm" target="_blank">
                    "Confirm that it is you"
                </a>
            }
            .into_any(),
        ),
        UiError::SecondFactorNeeded { .. } => {
            Some(view! { <a href="/account/security">"Add one"</a> }.into_any())
        }
        _ => None,
    };
    // Of what an address asked for, there is no form whose fields would say it.
    let problems = error.problems();
    let text = match problems.is_empty() {
        true => error.to_string(),
        false => {
            let messages = problems.into_iter().map(|problem| problem.message);
            messages.collect::<Vec<_>>().join(" ")
        }
    };
    view! {
        <Notice tone=Tone::Bad is_alert=true>
            {text}
            {way_on.map(|way_on| view! { " " {way_on} })}
        </Notice>
    }
    .into_any()
}

/// What is wrong with the form around this, beside what its fields say themselves.
#[component]
pub fn FormFailure(
    /// The fields that show their own problems.
    #[prop(optional)]
    fields: &'static [&'static str],
    /// The form, where this stands outside of it.
    #[prop(optional, into)]
    of: Option<SentForm>,
) -> impl IntoView {
    let form = of.or_else(use_context::<SentForm>);
    let error = form.and_then(|form| form.error());
    error.map(|error| failure(error, fields))
}

fn failure(error: UiError, fields: &[&str]) -> AnyView {
    let problems = error.problems();
    let elsewhere: Vec<&FieldProblem> = problems
        .iter()
        .filter(|problem| !fields.iter().any(|field| problem.is_about(field)))
        .collect();
    if problems.is_empty() {
        return view! { <Failure error /> }.into_any();
    }
    if elsewhere.is_empty() {
        return view! {
            <Notice tone=Tone::Bad is_alert=true>
                "Something in the form needs mending: see the marked fields."
            </Notice>
        }
        .into_any();
    }
    let lines = elsewhere
        .into_iter()
        .map(|problem| view! { <p>{format!("{}: {}", problem.field, problem.message)}</p> })
        .collect_view();
    view! {
        <Notice tone=Tone::Bad is_alert=true>
            {lines}
        </Notice>
    }
    .into_any()
}
