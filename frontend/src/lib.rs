//! What the dashboard does in the browser. The server renders every page, and each works by itself;
//! here is comfort, in files of which none is needed: a form is sent without leaving its page, a switch
//! answers at once, a value is copied.
//!
//! What is wanted is said by the markup, in `data-` attributes that each file names, and listened for on
//! the document: what the server sends later needs no starting.

mod connection;
mod copy;
mod dialogs;
mod files;
mod forms;
mod kept;
mod later;
mod likeness;
mod live;
mod menus;
mod page;
mod page_change;
mod palette;
mod preview;
mod shortcuts;
mod switches;
mod ticks;
mod toast;

use wasm_bindgen::prelude::*;

/// Begins to listen, as soon as the page has loaded this.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    page::take_address();
    connection::start();
    forms::start();
    switches::start();
    preview::start();
    dialogs::start();
    kept::start();
    live::start();
    copy::start();
    files::start();
    shortcuts::start();
    ticks::start();
    menus::start();
    palette::start();
    later::ask();
    // Tests and styles can tell when the page does more than a page does.
    if let Some(root) = page::document().document_element() {
        _ = root.set_attribute("data-hydrated", "true");
    }
}
