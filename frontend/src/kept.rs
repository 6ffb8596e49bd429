//! `dialog[data-kept]`: holds what cannot be seen again, and is left only by `[data-saved]`.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BeforeUnloadEvent, Event, HtmlDialogElement, MouseEvent};

use crate::page::{self, document};

pub fn start() {
    page::on_the_way("cancel", |event: Event| {
        if page::around(&event, "dialog[data-kept]").is_some() {
            event.prevent_default();
        }
    });
    // However the browser closed it (a second Escape does), it is shown again.
    page::on_the_way("close", |event: Event| {
        let dialog = page::around(&event, "dialog[data-kept]");
        if let Some(dialog) = dialog.and_then(|it| it.dyn_into::<HtmlDialogElement>().ok()) {
            _ = dialog.show_modal();
        }
    });
    page::on_the_way("click", |event: MouseEvent| {
        if page::around(&event, "[data-saved]").is_some()
            && let Some(dialog) = page::around(&event, "dialog[data-kept]")
        {
            _ = dialog.remove_attribute("data-kept");
        }
    });
    let leaving = Closure::<dyn Fn(BeforeUnloadEvent)>::new(|event: BeforeUnloadEvent| {
        let kept = document().query_selector("dialog[data-kept][open]");
        if matches!(kept, Ok(Some(_))) {
            event.prevent_default();
        }
    });
    _ = page::window()
        .add_event_listener_with_callback("beforeunload", leaving.as_ref().unchecked_ref());
    leaving.forget();
}
