//! Keys that lead somewhere, as long as nobody types: `data-shortcut="/"` on a field is where `/` leads, or
//! else the command palette; `?` opens the dialog `#shortcuts`, which says what they are.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlInputElement, KeyboardEvent};

use crate::{page, palette};

pub fn start() {
    page::on("keydown", |event: KeyboardEvent| {
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if !is_plain || event.default_prevented() || is_busy() {
            return;
        }
        match event.key().as_str() {
            "/" => to_search(),
            "?" => show_keys(),
            _ => return,
        }
        event.prevent_default();
    });
}

fn to_search() {
    let field = page::document().query_selector("[data-shortcut='/']");
    let Ok(Some(field)) = field else {
        return palette::open();
    };
    page::focus(&field);
    if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
        field.select();
    }
}

fn show_keys() {
    let dialog = page::document().get_element_by_id("shortcuts");
    if let Some(dialog) = dialog.and_then(|it| it.dyn_into::<HtmlDialogElement>().ok()) {
        _ = dialog.show_modal();
    }
}

/// Whether the key is text, or a dialog is open in front of the page.
fn is_busy() -> bool {
    let document = page::document();
    let is_typing = document.active_element().is_some_and(|at| takes_text(&at));
    is_typing || matches!(document.query_selector("dialog[open]"), Ok(Some(_)))
}

fn takes_text(element: &Element) -> bool {
    let takes = "input, textarea, select, [contenteditable]:not([contenteditable='false'])";
    element.closest(takes).is_ok_and(|found| found.is_some())
}
