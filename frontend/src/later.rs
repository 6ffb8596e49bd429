//! `[data-later-from=PAGE]`: what takes the server a while. The page comes without it, and asks PAGE, the
//! same page with it, once it is there. Filled in is whatever `[data-later]` marks, each by its id.

use std::cell::Cell;

use wasm_bindgen_futures::spawn_local;

use crate::{page, page_change};

thread_local! {
    /// Counts questions: only the answer to the last one is shown.
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

/// Asks for what the page says now that it lacks.
pub fn ask() {
    let asking = page::document().query_selector("[data-later-from]");
    let Some(from) = asking
        .ok()
        .flatten()
        .and_then(|it| it.get_attribute("data-later-from"))
    else {
        return;
    };
    let asked = ASKED.get() + 1;
    ASKED.set(asked);
    spawn_local(async move {
        let Some(rendered) = page_change::page_at(&from).await else {
            return;
        };
        let Some(body) = page::document().body() else {
            return;
        };
        if ASKED.get() != asked {
            return;
        }
        for part in page::all(&body, "[data-later][id]") {
            page_change::show_part(&rendered, &page::with("id", &part.id()));
        }
    });
}
