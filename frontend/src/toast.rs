//! A word that comes, is read out, and goes.

use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use crate::page::{self, document};

/// Milliseconds, long enough to read two lines.
const STAYS: i32 = 6_000;

pub fn good(text: &str) {
    say(text, "toast");
}

/// Read out at once, and stays twice as long.
pub fn bad(text: &str) {
    say(text, "toast toast-bad");
}

fn say(text: &str, class: &str) {
    let Some(toast) = make(text, class) else {
        return;
    };
    let stays = if class == "toast" { STAYS } else { 2 * STAYS };
    spawn_local(async move {
        page::sleep(stays).await;
        toast.remove();
    });
}

fn make(text: &str, class: &str) -> Option<Element> {
    let toast = document().create_element("div").ok()?;
    toast.set_class_name(class);
    toast.set_text_content(Some(text));
    let role = if class == "toast" { "status" } else { "alert" };
    _ = toast.set_attribute("role", role);
    place()?.append_child(&toast).ok()?;
    Some(toast)
}

/// Where it is seen: what stands beside an open dialog is behind it, and is read out to nobody.
fn place() -> Option<Element> {
    let all = document().get_element_by_id("toasts")?;
    let body: Element = document().body()?.into();
    let Some(dialog) = page::all(&body, "dialog:modal").pop() else {
        return Some(all);
    };
    let there = dialog.query_selector(":scope > .toasts").ok().flatten();
    if there.is_some() {
        return there;
    }
    let there = document().create_element("div").ok()?;
    there.set_class_name("toasts");
    dialog.append_child(&there).ok()?;
    Some(there)
}
