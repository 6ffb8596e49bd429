//! `form[data-preview=FUNCTION]`: while somebody types, asks that function what it would make of the form,
//! and shows the answer in the page's `[data-preview-of=FORM]`, FORM being the form's id; each of these has
//! an id. With `data-at-once` it asks before somebody types as well. Secrets are not asked about.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, FormData, HtmlFormElement, HtmlInputElement};

use crate::{
    forms::{Answer, post_said},
    page, page_change,
};

/// Milliseconds without a stroke after which it asks.
const PAUSE: i32 = 400;

thread_local! {
    /// Counts strokes: only the last one asks, and only the last answer is shown.
    static STROKE: Cell<u64> = const { Cell::new(0) };
}

pub fn start() {
    page::on("input", |event: Event| {
        if let Some(form) = page::around(&event, "form[data-preview]") {
            soon(form, PAUSE);
        }
    });
    look_at_once();
}

/// Asks about a form that came with something to look at.
pub fn look_at_once() {
    let part = page::document().query_selector("[data-preview-of][data-at-once]");
    let form = part
        .ok()
        .flatten()
        .and_then(|part| part.get_attribute("data-preview-of"))
        .and_then(|id| page::document().get_element_by_id(&id));
    if let Some(form) = form {
        soon(form, 0);
    }
}

fn soon(form: Element, pause: i32) {
    let Ok(form) = form.dyn_into::<HtmlFormElement>() else {
        return;
    };
    let stroke = STROKE.get() + 1;
    STROKE.set(stroke);
    spawn_local(async move {
        page::sleep(pause).await;
        if STROKE.get() == stroke {
            look(&form, stroke).await;
        }
    });
}

async fn look(form: &HtmlFormElement, stroke: u64) {
    let Some(function) = form.get_attribute("data-preview") else {
        return;
    };
    let Some(said) = without_secrets(form) else {
        return;
    };
    let Some(Answer::Page { document, .. }) = post_said(&said, &function).await else {
        return;
    };
    let Some(body) = page::document().body() else {
        return;
    };
    if STROKE.get() != stroke {
        return;
    }
    // By an attribute, because a form's `id` is its field of that name, where it has one.
    let id = form.get_attribute("id").unwrap_or_default();
    let parts = page::with("data-preview-of", &id);
    for part in page::all(&body, &parts) {
        page_change::show_part(&document, &page::with("id", &part.id()));
    }
}

fn without_secrets(form: &HtmlFormElement) -> Option<FormData> {
    let said = FormData::new_with_form(form).ok()?;
    for secret in page::all(form, "input[type='password']") {
        if let Ok(secret) = secret.dyn_into::<HtmlInputElement>() {
            said.delete(&secret.name());
        }
    }
    Some(said)
}
