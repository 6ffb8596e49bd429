//! `input[type=file][data-into=ID]`: puts the text of a chosen file into the text area with that id.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, HtmlInputElement, HtmlTextAreaElement};

use crate::page::{self, document};

pub fn start() {
    page::on("change", |event: Event| {
        let Some(input) = page::around(&event, "input[type='file'][data-into]") else {
            return;
        };
        let into = input.get_attribute("data-into").unwrap_or_default();
        if let Ok(input) = input.dyn_into::<HtmlInputElement>() {
            spawn_local(async move { read(input, &into).await });
        }
    });
}

async fn read(input: HtmlInputElement, into: &str) {
    let Some(file) = input.files().and_then(|files| files.get(0)) else {
        return;
    };
    let Ok(text) = JsFuture::from(file.text()).await else {
        return;
    };
    let area = document().get_element_by_id(into);
    let area = area.and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok());
    if let (Some(area), Some(text)) = (area, text.as_string()) {
        area.set_value(&text);
        // Its name would say that it is still to be sent.
        input.set_value("");
    }
}
