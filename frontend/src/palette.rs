//! `dialog#palette`: opened by Ctrl K, ⌘ K and `[data-palette-open]`, a link that leads to the same by
//! itself. While somebody types the server finds where one can go, and says it in `#palette-found`; the
//! keyboard stays in the field, whose `aria-activedescendant` is the one that is chosen (WAI-ARIA APG,
//! "Combobox"). Enter goes there; without one the field's form is sent.

use std::cell::Cell;

use js_sys::encode_uri_component;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Element, Event, HtmlDialogElement, HtmlElement, HtmlInputElement, KeyboardEvent, MouseEvent,
    RequestInit,
};

use crate::{
    connection,
    page::{self, document},
};

/// Milliseconds without a stroke after which it asks.
const PAUSE: i32 = 60;

thread_local! {
    /// Counts strokes: only the last one asks, and only the last answer is shown.
    static STROKE: Cell<u64> = const { Cell::new(0) };
}

pub fn start() {
    page::on("keydown", |event: KeyboardEvent| {
        let is_asked = event.key().eq_ignore_ascii_case("k")
            && (event.ctrl_key() || event.meta_key())
            && !(event.alt_key() || event.shift_key());
        if is_asked {
            event.prevent_default();
            open();
        } else if page::around(&event, "#palette [role='combobox']").is_some()
            // Of an input method that is still at it, Enter is not ours.
            && !event.is_composing()
            && key(&event.key())
        {
            event.prevent_default();
        }
    });
    page::on("click", |event: MouseEvent| {
        // In a tab or a window of its own it is the page.
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.shift_key());
        if is_plain && page::around(&event, "[data-palette-open]").is_some() {
            event.prevent_default();
            open();
        } else if is_plain && page::around(&event, "#palette [role='option']").is_some() {
            // It may lead to a part of this very page.
            close();
        }
    });
    page::on("input", |event: Event| {
        if page::around(&event, "#palette [role='combobox']").is_some() {
            ask(PAUSE);
        }
    });
}

/// Nothing, while another dialog is open: what is in that one comes first.
pub fn open() {
    let Some(dialog) = dialog() else { return };
    if matches!(document().query_selector("dialog:modal"), Ok(Some(_))) {
        return;
    }
    if dialog.show_modal().is_err() {
        return;
    }
    if let Some(field) = field() {
        field.set_value("");
        page::focus(&field);
    }
    ask(0);
}

fn close() {
    if let Some(dialog) = dialog() {
        dialog.close();
    }
}

fn dialog() -> Option<HtmlDialogElement> {
    document().get_element_by_id("palette")?.dyn_into().ok()
}

fn field() -> Option<HtmlInputElement> {
    let field = document().query_selector("#palette [role='combobox']");
    field.ok()??.dyn_into().ok()
}

fn ask(pause: i32) {
    let stroke = STROKE.get() + 1;
    STROKE.set(stroke);
    spawn_local(async move {
        page::sleep(pause).await;
        if STROKE.get() != stroke {
            return;
        }
        // Where the server does not answer, Enter leads to the page that says so.
        let found = find().await.unwrap_or_default();
        if STROKE.get() == stroke {
            show(&found);
        }
    });
}

/// HTML, which the server has escaped.
async fn find() -> Option<String> {
    let text = field()?.value();
    let mut from = format!("/palette?q={}", String::from(encode_uri_component(&text)));
    let project = document().query_selector("#palette input[name='project']");
    if let Some(project) = project.ok().flatten()
        && let Some(id) = project.get_attribute("value")
    {
        from.push_str("&project=");
        from.push_str(&String::from(encode_uri_component(&id)));
    }
    let answered = connection::fetch(&from, &RequestInit::new()).await?;
    if !answered.ok() {
        return None;
    }
    let text = JsFuture::from(answered.text().ok()?).await.ok()?;
    text.as_string()
}

fn show(found: &str) {
    if let Some(list) = document().get_element_by_id("palette-found") {
        list.set_inner_html(found);
        list.set_scroll_top(0);
    }
    let options = options();
    choose(&options, options.first());
    let count = document().query_selector("#palette [data-palette-count]");
    if let Ok(Some(count)) = count {
        let text = match options.len() {
            0 => "Nothing found".to_owned(),
            1 => "1 place".to_owned(),
            many => format!("{many} places"),
        };
        count.set_text_content(Some(&text));
    }
}

fn options() -> Vec<Element> {
    let list = document().get_element_by_id("palette-found");
    list.map(|list| page::all(&list, "[role='option']"))
        .unwrap_or_default()
}

/// Whether the key is one of the list.
fn key(key: &str) -> bool {
    let options = options();
    let chosen = options.iter().position(is_chosen);
    let last = options.len().saturating_sub(1);
    let next = match (key, chosen) {
        ("Enter", Some(at)) => {
            if let Some(link) = options[at].dyn_ref::<HtmlElement>() {
                link.click();
            }
            return true;
        }
        ("ArrowDown", Some(at)) if at < last => at + 1,
        ("ArrowDown", _) => 0,
        ("ArrowUp", Some(at)) if at > 0 => at - 1,
        ("ArrowUp", _) => last,
        _ => return false,
    };
    choose(&options, options.get(next));
    true
}

fn is_chosen(option: &Element) -> bool {
    option.get_attribute("aria-selected").as_deref() == Some("true")
}

fn choose(options: &[Element], chosen: Option<&Element>) {
    for option in options {
        let is_it = chosen.is_some_and(|chosen| chosen.is_same_node(Some(option)));
        _ = option.set_attribute("aria-selected", if is_it { "true" } else { "false" });
        if is_it {
            // Only as far as it has to.
            option.scroll_into_view_with_scroll_into_view_options(&nearest());
        }
    }
    let Some(field) = field() else { return };
    match chosen {
        Some(chosen) => _ = field.set_attribute("aria-activedescendant", &chosen.id()),
        None => _ = field.remove_attribute("aria-activedescendant"),
    }
}

fn nearest() -> web_sys::ScrollIntoViewOptions {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options
}
