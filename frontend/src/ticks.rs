//! Lists of ticks: `button[data-tick="all"]` and `"none"` for those in `[data-ticks]` that are seen and belong
//! to the button's form; `[data-tick-count]` in that form says how many are ticked, with `data-one` or
//! `data-many` behind; and `input[data-filter=SELECTOR]` hides what does not hold its words.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlFormElement, HtmlInputElement, KeyboardEvent, MouseEvent};

use crate::page;

pub fn start() {
    page::on("click", |event: MouseEvent| {
        let Some(button) = page::around(&event, "button[data-tick]") else {
            return;
        };
        let ticked = button.get_attribute("data-tick").as_deref() == Some("all");
        let form = page::around(&event, "form").and_then(|it| it.dyn_into().ok());
        let Some(form) = form else { return };
        for tick in ticks(&form) {
            if !tick.disabled() && !matches!(tick.closest("[hidden]"), Ok(Some(_))) {
                tick.set_checked(ticked);
            }
        }
        count(&form);
    });
    page::on("change", |event: Event| {
        let tick = page::around(&event, "[data-ticks] input[type='checkbox']");
        let tick = tick.and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        if let Some(form) = tick.and_then(|tick| tick.form()) {
            count(&form);
        }
    });
    page::on("input", |event: Event| {
        let filter = page::around(&event, "input[data-filter]");
        if let Some(filter) = filter.and_then(|it| it.dyn_into().ok()) {
            apply(&filter);
        }
    });
    // It stands in a form, which it is not sent with.
    page::on("keydown", |event: KeyboardEvent| {
        if event.key() == "Enter" && page::around(&event, "input[data-filter]").is_some() {
            event.prevent_default();
        }
    });
}

/// Those that are sent with a form, wherever they stand.
fn ticks(form: &HtmlFormElement) -> Vec<HtmlInputElement> {
    let fields = form.elements();
    (0..fields.length())
        .filter_map(|index| fields.item(index)?.dyn_into::<HtmlInputElement>().ok())
        .filter(|field| field.type_() == "checkbox")
        .filter(|field| matches!(field.closest("[data-ticks]"), Ok(Some(_))))
        .collect()
}

fn apply(filter: &HtmlInputElement) {
    let rows = filter.get_attribute("data-filter").unwrap_or_default();
    let words = filter.value().to_lowercase();
    let Some(body) = page::document().body() else {
        return;
    };
    for row in page::all(&body, &rows) {
        let text = row.text_content().unwrap_or_default().to_lowercase();
        let is_it = words.split_whitespace().all(|word| text.contains(word));
        _ = row.toggle_attribute_with_force("hidden", !is_it);
    }
}

fn count(form: &HtmlFormElement) {
    let ticked = ticks(form).iter().filter(|tick| tick.checked()).count();
    for place in page::all(form, "[data-tick-count]") {
        let noun = if ticked == 1 { "data-one" } else { "data-many" };
        let text = match place.get_attribute(noun) {
            Some(noun) => format!("{ticked} {noun}"),
            None => ticked.to_string(),
        };
        place.set_text_content(Some(&text));
    }
}
