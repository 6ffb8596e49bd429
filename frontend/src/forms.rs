//! `form[data-form="in-place"]`: sent without leaving the page.
//!
//! The server answers with where to go, or with the page that shows what came of it. What was typed into
//! other forms of the page stays.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    AbortSignal, Document, Element, Event, FormData, Headers, HtmlButtonElement, HtmlDialogElement,
    HtmlFormElement, RequestInit, SubmitEvent, UrlSearchParams,
};

use crate::{
    connection,
    page::{self, document, here},
    page_change, toast,
};

pub const UNREACHABLE: &str = "The server cannot be reached, or it did not answer. What you typed is still here. It may have been done: \
     look before you send it again.";

/// Milliseconds: more than the longest call of a tool takes, which somebody tries.
const ANSWER_WITHIN: u32 = 360_000;

pub fn start() {
    page::on("submit", |event: SubmitEvent| {
        let Some(form) = form_of(&event, "form[data-form='in-place']") else {
            return;
        };
        event.prevent_default();
        if form.has_attribute("data-busy") {
            return;
        }
        let submitter = event.submitter();
        spawn_local(async move { send(form, submitter.map(Into::into)).await });
    });
}

/// The form that is being sent, if it is one of these and nothing else has taken it.
pub fn form_of(event: &Event, selector: &str) -> Option<HtmlFormElement> {
    if event.default_prevented() {
        return None;
    }
    let form = event.target()?.dyn_into::<Element>().ok()?;
    form.matches(selector).ok()?.then_some(())?;
    form.dyn_into().ok()
}

async fn send(form: HtmlFormElement, submitter: Option<Element>) {
    _ = form.set_attribute("data-busy", "");
    if let Some(button) = &submitter {
        _ = button.set_attribute("aria-busy", "true");
    }
    let before = said(&form);
    let answer = post(
        &form,
        &action(&form, submitter.as_ref()),
        submitter.as_ref(),
    )
    .await;
    // What somebody typed meanwhile was not sent.
    let is_as_sent = said(&form) == before;
    _ = form.remove_attribute("data-busy");
    if let Some(button) = &submitter {
        _ = button.remove_attribute("aria-busy");
    }
    match answer {
        None => toast::bad(UNREACHABLE),
        Some(Answer::LeadsTo(to)) if to == here() => {
            close_around(&form);
            if is_as_sent {
                form.reset();
            }
            page_change::refresh().await;
            if let Some(said) = form.get_attribute("data-done") {
                toast::good(&said);
            }
        }
        // Signed out meanwhile: what was typed is sent once more from here.
        Some(Answer::LeadsTo(to)) if to.starts_with("/sign-in") && page::has_typed(&form) => {
            toast::bad(page_change::SIGNED_OUT);
        }
        Some(Answer::LeadsTo(to)) => page::go(&to),
        Some(Answer::Page { document, .. }) if !page_change::is_page(&document) => {
            toast::bad(&page::message_of(&document));
        }
        Some(Answer::Page { document, is_good }) => {
            if is_good {
                close_around(&form);
            }
            page_change::show(&document);
            if !is_good {
                focus_problem(&form);
            } else if is_as_sent {
                // It says what the server put there.
                form.reset();
            }
        }
    }
    page_change::catch_up().await;
}

/// All that a form says now.
fn said(form: &HtmlFormElement) -> Option<String> {
    let said = FormData::new_with_form(form).ok()?;
    let said = UrlSearchParams::new_with_str_sequence_sequence(&said).ok()?;
    Some(String::from(said.to_string()))
}

/// Where a form is sent to, by attributes: a form's `action` is its field of that name, where it has one.
pub fn action(form: &HtmlFormElement, submitter: Option<&Element>) -> String {
    let of_button = submitter.and_then(|button| button.get_attribute("formaction"));
    of_button
        .or_else(|| form.get_attribute("action"))
        .unwrap_or_default()
}

/// What the server said to a form.
pub enum Answer {
    /// A path of ours.
    LeadsTo(String),
    Page {
        document: Document,
        is_good: bool,
    },
}

/// Sends what a form says now; `None` where the server did not answer.
pub async fn post(
    form: &HtmlFormElement,
    action: &str,
    submitter: Option<&Element>,
) -> Option<Answer> {
    let said = FormData::new_with_form(form).ok()?;
    if let Some(button) = submitter.and_then(|it| it.dyn_ref::<HtmlButtonElement>())
        && !button.name().is_empty()
    {
        _ = said.append_with_str(&button.name(), &button.value());
    }
    post_said(&said, action).await
}

/// Sends what a form said.
pub async fn post_said(said: &FormData, action: &str) -> Option<Answer> {
    let body = UrlSearchParams::new_with_str_sequence_sequence(said).ok()?;
    let headers = Headers::new().ok()?;
    _ = headers.set("Accept", "text/html");
    _ = headers.set("X-Tengine-Form", "1");
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&body);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(ANSWER_WITHIN)));
    let answered = connection::fetch(action, &request).await?;
    if let Ok(Some(to)) = answered.headers().get("X-Tengine-To") {
        return Some(Answer::LeadsTo(to));
    }
    let document = page_change::read(&answered).await?;
    Some(Answer::Page {
        document,
        is_good: answered.ok(),
    })
}

fn close_around(form: &HtmlFormElement) {
    let dialog = form.closest("dialog").ok().flatten();
    if let Some(dialog) = dialog.and_then(|it| it.dyn_into::<HtmlDialogElement>().ok())
        // The server says whether one that the address asks for is there still.
        && !dialog.has_attribute("data-back")
    {
        dialog.close();
    }
}

/// Brings whoever cannot see the page to what is wrong.
fn focus_problem(form: &HtmlFormElement) {
    let problem = form
        .query_selector("[aria-invalid='true'], [role='alert']")
        .ok()
        .flatten()
        .or_else(|| {
            document()
                .query_selector("#main [role='alert']")
                .ok()
                .flatten()
        });
    let Some(problem) = problem else { return };
    if !problem.has_attribute("aria-invalid") {
        _ = problem.set_attribute("tabindex", "-1");
    }
    page::focus(&problem);
}
