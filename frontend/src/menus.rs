//! `[data-menu]`, a popover: the arrow keys go through what is in it, and down from its button into it.
//! What stands in a row that scrolls (`.tabs`) and is the current one is brought to be seen.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::page::{self, document};

const ITEMS: &str = "a[href], button:not(:disabled)";

pub fn start() {
    page::on("keydown", |event: KeyboardEvent| {
        let key = event.key();
        let is_done = match page::around(&event, "[data-menu]") {
            Some(menu) => go(&menu, &key),
            None => page::around(&event, "button[popovertarget]")
                .is_some_and(|button| key == "ArrowDown" && enter(&button)),
        };
        if is_done {
            event.prevent_default();
        }
    });
    show_current();
}

/// Whether the key is one of a menu.
fn go(menu: &Element, key: &str) -> bool {
    let items = page::all(menu, ITEMS);
    let at = document()
        .active_element()
        .and_then(|at| items.iter().position(|item| item.is_same_node(Some(&at))));
    let last = items.len().saturating_sub(1);
    let next = match (key, at) {
        ("ArrowDown", Some(at)) if at < last => at + 1,
        ("ArrowDown" | "Home", _) => 0,
        ("ArrowUp", Some(at)) if at > 0 => at - 1,
        ("ArrowUp" | "End", _) => last,
        _ => return false,
    };
    if let Some(item) = items.get(next) {
        page::focus(item);
    }
    true
}

/// Opens the menu of a button, and goes to what is first in it.
fn enter(button: &Element) -> bool {
    let menu = button
        .get_attribute("popovertarget")
        .and_then(|id| document().get_element_by_id(&id));
    let Some(menu) = menu else { return false };
    if !menu.matches(":popover-open").unwrap_or(true)
        && let Some(button) = button.dyn_ref::<HtmlElement>()
    {
        button.click();
    }
    go(&menu, "Home")
}

/// A row that scrolls begins where its current one is.
fn show_current() {
    let current = document().query_selector(".tabs [aria-current='page']");
    if let Ok(Some(current)) = current
        && let Some(row) = current.parent_element()
        && let Some(current) = current.dyn_ref::<HtmlElement>()
    {
        let beyond = current.offset_left() + current.offset_width() - row.client_width();
        if beyond > row.scroll_left() {
            row.set_scroll_left(beyond);
        }
    }
}
