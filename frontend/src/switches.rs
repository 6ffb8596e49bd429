//! `form[data-form="switch"]`: shows the wish at once, and goes back where the server says no.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlFormElement, HtmlInputElement, SubmitEvent};

use crate::{
    forms::{Answer, UNREACHABLE, action, form_of, post},
    page, page_change, toast,
};

pub fn start() {
    page::on("submit", |event: SubmitEvent| {
        let Some(form) = form_of(&event, "form[data-form='switch']") else {
            return;
        };
        event.prevent_default();
        if !form.has_attribute("data-busy") {
            spawn_local(async move { flip(form).await });
        }
    });
}

async fn flip(form: HtmlFormElement) {
    let Some(switch) = form.query_selector("[role='switch']").ok().flatten() else {
        return;
    };
    let was_on = is_on(&switch);
    _ = form.set_attribute("data-busy", "");
    turn(&switch, !was_on);
    let answer = post(&form, &action(&form, None), None).await;
    _ = form.remove_attribute("data-busy");
    let why = match answer {
        Some(Answer::LeadsTo(to)) if to == page::here() => {
            // What the form asks for next is the opposite.
            for wish in page::all(&form, "input[data-wish]") {
                if let Ok(wish) = wish.dyn_into::<HtmlInputElement>() {
                    wish.set_value(if was_on { "true" } else { "false" });
                }
            }
            return page_change::refresh().await;
        }
        Some(Answer::LeadsTo(to)) => return page::go(&to),
        Some(Answer::Page { document, .. }) => page::message_of(&document),
        None => UNREACHABLE.to_owned(),
    };
    turn(&switch, was_on);
    toast::bad(&why);
    page_change::catch_up().await;
}

fn is_on(switch: &Element) -> bool {
    switch.get_attribute("aria-checked").as_deref() == Some("true")
}

fn turn(switch: &Element, on: bool) {
    _ = switch.set_attribute("aria-checked", if on { "true" } else { "false" });
    _ = switch.set_attribute("title", if on { "On" } else { "Off" });
}
