//! `button[data-copy]`: puts what the `code` beside it says on the clipboard; and
//! `button[data-download]`: offers its `data-text` as a file of that name, out of memory.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, Element, HtmlAnchorElement, HtmlDocument, MouseEvent, Url};

use crate::{
    page::{self, document, window},
    toast,
};

const COPIED: &str = "Copied";
/// Milliseconds.
const READ_BY: i32 = 60_000;

pub fn start() {
    page::on("click", |event: MouseEvent| {
        if let Some(button) = page::around(&event, "button[data-copy]") {
            spawn_local(async move { copy_beside(button).await });
        } else if let Some(button) = page::around(&event, "button[data-download]") {
            download(
                &button.get_attribute("data-download").unwrap_or_default(),
                &button.get_attribute("data-text").unwrap_or_default(),
            );
        }
    });
}

async fn copy_beside(button: Element) {
    let around = button.parent_element();
    let Some(shown) = around.and_then(|it| it.query_selector("code").ok().flatten()) else {
        return;
    };
    let text = shown.text_content().unwrap_or_default();
    if !copy(&text, &shown).await {
        toast::bad("The browser let nothing be copied: the text is selected, press Ctrl+C.");
        return;
    }
    toast::good("Copied to the clipboard");
    let label = button.text_content().filter(|label| label != COPIED);
    button.set_text_content(Some(COPIED));
    page::sleep(2_000).await;
    // Where it was pressed again meanwhile, the first press brings the label back.
    if label.is_some() {
        button.set_text_content(label.as_deref());
    }
}

async fn copy(text: &str, shown: &Element) -> bool {
    let navigator = window().navigator();
    // Over plain http on another host the browser has no clipboard object at all.
    let has_clipboard = Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| !clipboard.is_undefined());
    has_clipboard
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
        || copy_selected(shown)
}

/// The way of older browsers: select what is shown and copy the selection. If even that fails, the text
/// stays selected for the person's own Ctrl+C.
fn copy_selected(shown: &Element) -> bool {
    let Ok(Some(selection)) = window().get_selection() else {
        return false;
    };
    selection.select_all_children(shown).is_ok()
        && document()
            .dyn_into::<HtmlDocument>()
            .is_ok_and(|page| page.exec_command("copy").unwrap_or(false))
}

fn download(file_name: &str, text: &str) {
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
    // Browsers read it after the click, some of them long after.
    spawn_local(async move {
        page::sleep(READ_BY).await;
        _ = Url::revoke_object_url(&url);
    });
}
