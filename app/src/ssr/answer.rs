//! What came of a form, for the page that it was on.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::http::request::Parts;
use leptos::{
    prelude::*,
    server_fn::{ServerFn, error::FromServerFnError},
};
use serde::de::DeserializeOwned;

use crate::api::UiError;

/// What a server function said to a form, and what the form had said. The server puts it into the
/// extensions of the request by which it renders the form's page.
#[derive(Debug)]
pub struct Answer {
    /// The function's path.
    function: String,
    /// JSON, of what it answered or of the [`UiError`] that it failed with.
    result: Result<String, String>,
    /// Names and values, as they were sent.
    pub(crate) fields: Vec<(String, String)>,
    is_taken: AtomicBool,
}

/// The name of the field that tells forms of one function on one page apart.
pub(crate) const KEY: &str = "_form";
/// The name of the field that says which page a form is on. The browser's own word for that, `Referer`, is
/// the function's address once the form was sent without wasm and came back.
pub const PAGE: &str = "_page";

/// Path and query of the page that is being rendered.
pub(crate) fn page() -> Option<String> {
    let request: Parts = use_context()?;
    request.uri.path_and_query().map(ToString::to_string)
}

/// The same where it answers a form: the browser stands at the function's address then, and is to know
/// the page's own.
pub(crate) fn answered() -> Option<String> {
    use_context::<Arc<Answer>>()?;
    page()
}

/// The answer to a form of this function, where it is that one's.
pub(crate) fn to<S: ServerFn>(key: Option<&str>) -> Option<Arc<Answer>> {
    let answer: Arc<Answer> = use_context()?;
    let its_key = answer.fields.iter().find(|(name, _)| name == KEY);
    let is_it = answer.function == S::PATH && its_key.map(|(_, key)| key.as_str()) == key;
    is_it.then(|| {
        answer.is_taken.store(true, Ordering::Relaxed);
        answer
    })
}

impl Answer {
    /// Of what a function answered, which nobody has taken yet.
    #[must_use]
    pub const fn new(
        function: String,
        result: Result<String, String>,
        fields: Vec<(String, String)>,
    ) -> Self {
        Self {
            function,
            result,
            fields,
            is_taken: AtomicBool::new(false),
        }
    }

    /// Whether the page that was rendered has the form that this is for.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.is_taken.load(Ordering::Relaxed)
    }

    /// What the function failed with.
    #[must_use]
    pub fn error(&self) -> Option<UiError> {
        let error = self.result.as_ref().err()?;
        Some(UiError::de(error.clone().into()))
    }

    pub(crate) fn value<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.result.as_ref().ok()?).ok()
    }
}
