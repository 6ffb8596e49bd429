//! The page, as every file here needs it.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Document, Element, Event, HtmlElement, HtmlInputElement, HtmlTextAreaElement, Window,
};

pub fn window() -> Window {
    web_sys::window().expect("the wasm runs in a page")
}

pub fn document() -> Document {
    window().document().expect("a page has a document")
}

/// Gives a page that answers a form its own address in the place of the function's, so that it can be asked
/// for again: by a refresh, and by who reloads it, without the form being sent once more.
pub fn take_address() {
    let own = document()
        .query_selector("#main[data-page]")
        .ok()
        .flatten()
        .and_then(|main| main.get_attribute("data-page"));
    if let (Some(own), Ok(history)) = (own, window().history()) {
        _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&own));
    }
}

/// Whether somebody has typed into fields within `root` what no server knows yet.
pub fn has_typed(root: &Element) -> bool {
    all(root, "input:not([type='hidden']), textarea")
        .iter()
        .any(|field| {
            if let Some(input) = field.dyn_ref::<HtmlInputElement>() {
                return match input.type_().as_str() {
                    "checkbox" | "radio" => input.checked() != input.default_checked(),
                    _ => input.value() != input.default_value(),
                };
            }
            let area = field.dyn_ref::<HtmlTextAreaElement>();
            area.is_some_and(|area| area.default_value().is_ok_and(|was| was != area.value()))
        })
}

/// Path and query of the page.
pub fn here() -> String {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    format!("{path}{}", location.search().unwrap_or_default())
}

/// Leaves for a path of ours.
pub fn go(to: &str) {
    _ = window().location().assign(to);
}

/// Hears an event wherever on the page it happens, for as long as the page is there.
pub fn on<E: JsCast + 'static>(name: &str, heard: impl FnMut(E) + 'static) {
    listen(name, heard, false);
}

/// The same for events that do not rise: before they arrive.
pub fn on_the_way<E: JsCast + 'static>(name: &str, heard: impl FnMut(E) + 'static) {
    listen(name, heard, true);
}

fn listen<E: JsCast + 'static>(name: &str, mut heard: impl FnMut(E) + 'static, on_the_way: bool) {
    let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| heard(event.unchecked_into()));
    let hear = heard.as_ref().unchecked_ref();
    _ = document().add_event_listener_with_callback_and_bool(name, hear, on_the_way);
    heard.forget();
}

/// The element that an event happened in, or the one around it, that `selector` matches.
pub fn around(event: &Event, selector: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(selector).ok()?
}

/// Every element within `root` that `selector` matches.
pub fn all(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = root.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|index| found.get(index)?.dyn_into().ok())
        .collect()
}

/// What a selector says for an attribute with this value, whatever is in it.
pub fn with(attribute: &str, value: &str) -> String {
    let mut selector = format!("[{attribute}=\"");
    for letter in value.chars() {
        match letter {
            '"' | '\\' => selector.extend(['\\', letter]),
            // CSS Syntax §4.3.7: by its number, and a space.
            letter if letter.is_control() => {
                selector.push_str(&format!("\\{:x} ", u32::from(letter)));
            }
            letter => selector.push(letter),
        }
    }
    selector.push_str("\"]");
    selector
}

/// What a page says that came in place of what was asked for.
pub fn message_of(rendered: &Document) -> String {
    let said = rendered.query_selector("[role='alert'], .plain-card p");
    said.ok()
        .flatten()
        .and_then(|said| said.text_content())
        .unwrap_or_else(|| "The server refused this.".to_owned())
}

pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        _ = element.focus();
    }
}

/// Waits; needs no task to be cancelled.
pub async fn sleep(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
    });
    _ = wasm_bindgen_futures::JsFuture::from(promise).await;
}

#[cfg(test)]
mod tests {
    use super::with;

    #[test]
    fn nothing_gets_out_of_a_selector() {
        assert_eq!(with("id", "form-a"), r#"[id="form-a"]"#);
        assert_eq!(with("id", "a'b\"]c\\"), r#"[id="a'b\"]c\\"]"#);
        assert_eq!(with("id", "a\nb"), "[id=\"a\\a b\"]");
    }
}
