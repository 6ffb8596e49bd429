//! `command` and `commandfor` on buttons, for browsers that do not obey them by themselves; and dialogs
//! that a page came with. `dialog[data-back=PATH]` is open because the address asks for it: once it is
//! closed, the address is that path.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlDialogElement, MouseEvent};

use crate::{page, page_change};

pub fn start() {
    if let Some(body) = page::document().body() {
        page_change::open_what_came(&body);
    }
    page::on_the_way("close", |event: Event| {
        let back = page::around(&event, "dialog[data-back]");
        if let Some(back) = back.and_then(|dialog| dialog.get_attribute("data-back"))
            && let Ok(history) = page::window().history()
        {
            _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&back));
        }
    });
    let probe = page::document().create_element("button");
    let obeys = probe.is_ok_and(|button| {
        js_sys::Reflect::has(&button, &JsValue::from_str("commandForElement")).unwrap_or(false)
    });
    if obeys {
        return;
    }
    page::on("click", |event: MouseEvent| {
        let Some(button) = page::around(&event, "button[commandfor]") else {
            return;
        };
        let dialog = button
            .get_attribute("commandfor")
            .and_then(|id| page::document().get_element_by_id(&id))
            .and_then(|dialog| dialog.dyn_into::<HtmlDialogElement>().ok());
        match (dialog, button.get_attribute("command").as_deref()) {
            (Some(dialog), Some("show-modal")) if !dialog.open() => _ = dialog.show_modal(),
            (Some(dialog), Some("close")) => dialog.close(),
            _ => {}
        }
    });
}
