//! Forms that a server function answers. They work without wasm, which sends them in place.

use std::{marker::PhantomData, sync::Arc};

use leptos::{context::Provider, prelude::*, server_fn::ServerFn};

use crate::{
    api::{FieldProblem, UiError},
    ssr::answer::{self, Answer},
};

/// What came of a form of this function, on the page that answers it; nothing on any other.
pub struct Sent<S> {
    form: SentForm,
    function: PhantomData<fn() -> S>,
}

/// The same, whatever its function answers: what a form and the fields in it need to know.
#[derive(Clone)]
pub struct SentForm {
    function: &'static str,
    key: Option<String>,
    answer: Option<Arc<Answer>>,
}

/// The page's one form of this function.
pub fn sent<S: ServerFn>() -> Sent<S> {
    with_key(None)
}

/// One of several forms of this function on a page; `key` tells them apart.
pub fn sent_of<S: ServerFn>(key: impl Into<String>) -> Sent<S> {
    with_key(Some(key.into()))
}

fn with_key<S: ServerFn>(key: Option<String>) -> Sent<S> {
    Sent {
        form: SentForm {
            function: S::PATH,
            answer: answer::to::<S>(key.as_deref()),
            key,
        },
        function: PhantomData,
    }
}

impl<S: ServerFn> Sent<S> {
    pub fn error(&self) -> Option<UiError> {
        self.form.error()
    }
}

impl<S> Sent<S>
where
    S: ServerFn,
    S::Output: serde::de::DeserializeOwned,
{
    /// What the function answered, of a form that `shows`.
    pub fn value(&self) -> Option<S::Output> {
        self.form.answer.as_ref()?.value()
    }
}

impl<S> From<&Sent<S>> for SentForm {
    fn from(sent: &Sent<S>) -> Self {
        sent.form.clone()
    }
}

impl SentForm {
    pub fn error(&self) -> Option<UiError> {
        self.answer.as_ref()?.error()
    }

    /// What is wrong with the field of this name.
    pub fn about(&self, field: &str) -> Option<String> {
        let problems = self.error()?.problems();
        let messages: Vec<_> = problems
            .iter()
            .filter(|problem: &&FieldProblem| problem.is_about(field))
            .map(|problem| problem.message.as_str())
            .collect();
        (!messages.is_empty()).then(|| messages.join(" "))
    }

    /// What the input of this name said; `None` where the form was not sent.
    pub(crate) fn typed(&self, name: &str) -> Option<String> {
        let answer = self.answer.as_ref()?;
        let typed = answer.fields.iter().find(|(known, _)| known == name);
        // Of a tick that is not there, nothing is sent.
        Some(typed.map(|(_, value)| value.clone()).unwrap_or_default())
    }

    /// Whether this one was among the ticks of that name; `None` where the form was not sent.
    #[must_use]
    pub fn ticked(&self, name: &str, value: &str) -> Option<bool> {
        let mut fields = self.answer.as_ref()?.fields.iter();
        Some(fields.any(|(known, ticked)| known == name && ticked == value))
    }

    /// Whether this page answers the form.
    pub(crate) fn is_answered(&self) -> bool {
        self.answer.is_some()
    }

    /// Names and values, all that was sent; none where the form was not.
    pub(crate) fn all_typed(&self) -> &[(String, String)] {
        self.answer.as_ref().map_or(&[], |answer| &answer.fields)
    }

    /// Unique on the page, and the same when it is rendered again.
    pub(crate) fn id(&self) -> String {
        let function = self.function.trim_start_matches("/_ui/");
        match &self.key {
            Some(key) => format!("form-{function}-{key}"),
            None => format!("form-{function}"),
        }
    }
}

/// How the wasm sends a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sending {
    /// The page stays, and shows what came of it.
    #[default]
    InPlace,
    /// The form's switch shows the wish at once, and goes back where the server says no.
    Switch,
}

/// The fields inside know what was typed into them, and what is wrong with it.
#[component]
pub fn Form(
    #[prop(into)] of: SentForm,
    /// Whether what the function answers is to be seen, on this page.
    #[prop(optional)]
    shows: bool,
    #[prop(optional)] sending: Sending,
    /// What is said when it is done, where the page stays.
    #[prop(optional)]
    done: Option<&'static str>,
    /// The function that is asked while somebody types (`frontend/src/preview.rs`).
    #[prop(optional_no_strip)]
    preview: Option<&'static str>,
    #[prop(optional)] class: &'static str,
    children: Children,
) -> impl IntoView {
    let action = match shows {
        true => format!("{}?show", of.function),
        false => of.function.to_owned(),
    };
    let sending = match sending {
        Sending::InPlace => "in-place",
        Sending::Switch => "switch",
    };
    let key = of.key.clone();
    let id = of.id();
    view! {
        <form
            id=id
            method="post"
            action=action
            class=class
            data-form=sending
            data-done=done
            data-preview=preview
        >
            <input type="hidden" name=answer::PAGE value=answer::page() />
            {key.map(|key| view! { <input type="hidden" name=answer::KEY value=key /> })}
            <Provider value=of>{children()}</Provider>
        </form>
    }
    .into_any()
}
