//! `dialog[data-kept]`: holds what cannot be seen again, and is left only by `[data-saved]`. Where that leads to
//! another place of the same page, the dialog goes with all that it says.

use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{BeforeUnloadEvent, Element, Event, HtmlDialogElement, MouseEvent};

use crate::{
    page::{self, document, here},
    page_change,
};

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
        if let Some(saved) = page::around(&event, "[data-saved]")
            && let Some(dialog) = page::around(&event, "dialog[data-kept]")
        {
            _ = dialog.remove_attribute("data-kept");
            if leads_within(&saved) {
                // Once the browser has gone there: what it shows may be older than what was made.
                spawn_local(async move {
                    page::sleep(0).await;
                    dialog.remove();
                    page_change::refresh().await;
                });
            }
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

/// Whether a link leads to a place of this page, so that the browser stays on it.
fn leads_within(link: &Element) -> bool {
    let to = link.get_attribute("href").unwrap_or_default();
    to.split_once('#').is_some_and(|(page, _)| page == here())
}
