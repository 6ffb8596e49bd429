//! What pages ask of the browser. Called in effects and event handlers only: the server compiles
//! this and never runs it.

use js_sys::{Array, Reflect};
use leptos::{form::FromFormData, html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, Element, Event, FormData, HtmlAnchorElement, HtmlDialogElement, HtmlDocument,
    HtmlElement, HtmlFormElement, HtmlInputElement, HtmlTextAreaElement, Url,
};

/// Says on the document that hydration is over.
pub(crate) fn mark_hydrated() {
    if let Some(root) = document().document_element() {
        _ = root.set_attribute("data-hydrated", "true");
    }
}

/// Whether the wasm is here, for what only works with it.
pub(crate) fn arrived() -> ReadSignal<bool> {
    let (is_here, set) = signal(false);
    Effect::new(move |_| set.set(true));
    is_here
}

/// Whether the browser itself obeys `command` and `commandfor` on buttons.
pub(crate) fn obeys_commands() -> bool {
    document().create_element("button").is_ok_and(|button| {
        Reflect::has(&button, &JsValue::from_str("commandForElement")).unwrap_or(false)
    })
}

/// Opens a dialog over the page, unless it is open.
pub(crate) fn open(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        show_modal(&dialog);
    }
}

pub(crate) fn show_modal(dialog: &HtmlDialogElement) {
    if !dialog.open() {
        _ = dialog.show_modal();
    }
}

pub(crate) fn close(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked() {
        dialog.close();
    }
}

/// The form that an event of one of its fields comes from.
pub(crate) fn form_of(event: &Event) -> Option<HtmlFormElement> {
    let field = event.target()?.dyn_into::<Element>().ok()?;
    field.closest("form").ok()??.dyn_into().ok()
}

/// The first form within an element.
pub(crate) fn form_in(element: &Element) -> Option<HtmlFormElement> {
    element.query_selector("form").ok()??.dyn_into().ok()
}

/// What a form says now, without sending it.
pub(crate) fn read_form<T: FromFormData>(form: &HtmlFormElement) -> Option<T> {
    let data = FormData::new_with_form(form).ok()?;
    T::from_form_data(&data).ok()
}

/// Puts the text of a chosen file into the text area with this id.
pub(crate) fn read_file(input: HtmlInputElement, id: &'static str) {
    let Some(file) = input.files().and_then(|files| files.get(0)) else {
        return;
    };
    spawn_local(async move {
        let Ok(text) = JsFuture::from(file.text()).await else {
            return;
        };
        let area = document().get_element_by_id(id);
        let area = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
        if let (Some(area), Some(text)) = (area, text.as_string()) {
            area.set_value(&text);
            // Its name would say that it is still to be sent.
            input.set_value("");
        }
    });
}

/// Leaves for the sign-in page, to come back here.
pub(crate) fn sign_in_again() {
    let location = window().location();
    let here = format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    );
    let next = leptos_router::location::Url::escape(&here);
    _ = location.set_href(&format!("/sign-in?next={next}"));
}

/// Puts a text on the clipboard; `shown` is the element that shows it. Says whether it worked.
pub(crate) async fn copy(text: &str, shown: Option<HtmlElement>) -> bool {
    let navigator = window().navigator();
    // Over plain http on another host the browser has no clipboard object at all.
    let has_clipboard = Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| !clipboard.is_undefined());
    if has_clipboard
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
    {
        return true;
    }
    shown.is_some_and(|shown| copy_selected(&shown))
}

/// The way of older browsers: select what is shown and copy the selection. If even that fails,
/// the text stays selected for the person's own Ctrl+C.
fn copy_selected(shown: &HtmlElement) -> bool {
    let Ok(Some(selection)) = window().get_selection() else {
        return false;
    };
    if selection.select_all_children(shown).is_err() {
        return false;
    }
    document()
        .dyn_into::<HtmlDocument>()
        .is_ok_and(|page| page.exec_command("copy").unwrap_or(false))
}

/// Offers a text as a file, out of memory: it is in no address.
pub(crate) fn download(file_name: &str, text: &str) {
    let Ok(blob) = Blob::new_with_str_sequence(&Array::of1(&JsValue::from_str(text))) else {
        return;
    };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else {
        return;
    };
    if let Ok(link) = document().create_element("a")
        && let Ok(link) = link.dyn_into::<HtmlAnchorElement>()
    {
        link.set_href(&url);
        link.set_download(file_name);
        link.click();
    }
    _ = Url::revoke_object_url(&url);
}
