//! `#away`, on every page: says so while the server does not answer, and goes when it does again.
//!
//! Whatever asks the server for something does it by [`fetch`], or says by [`answered`] and [`unanswered`] how
//! it went. While the server is away it is asked how it is, again and again: nobody else may be asking.

use std::cell::Cell;

use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, RequestInit, Response};

use crate::page::{self, document, window};

/// Answers whoever asks, and looks at nothing.
const HEALTH: &str = "/healthz";
/// Milliseconds until it is asked once more, before anything is said.
const GRACE: i32 = 300;
/// Between two questions after that.
const AGAIN: i32 = 3_000;

thread_local! {
    static IS_AWAY: Cell<bool> = const { Cell::new(false) };
}

/// The browser knows by itself whether it has a network.
pub fn start() {
    hear("offline", unanswered);
    hear("online", || spawn_local(look()));
}

/// Asks the server; `None` where it does not answer, of which the page then tells.
pub async fn fetch(url: &str, request: &RequestInit) -> Option<Response> {
    let answer = JsFuture::from(window().fetch_with_str_and_init(url, request)).await;
    let answer: Option<Response> = answer.ok().and_then(|it| it.dyn_into().ok());
    // That a proxy before the server answers is no answer of the server's.
    match answer.filter(|answer| !(502..=504).contains(&answer.status())) {
        Some(answer) => {
            answered();
            Some(answer)
        }
        None => {
            unanswered();
            None
        }
    }
}

/// The server answered just now, whatever it said.
pub fn answered() {
    if IS_AWAY.replace(false) {
        show(false);
    }
}

/// The server was asked, and did not answer.
pub fn unanswered() {
    if IS_AWAY.replace(true) {
        return;
    }
    spawn_local(async {
        // A page that is being left fails to ask, too.
        page::sleep(GRACE).await;
        look().await;
        show(IS_AWAY.get());
        while IS_AWAY.get() {
            page::sleep(AGAIN).await;
            // What nobody looks at can wait.
            if IS_AWAY.get() && !document().hidden() {
                look().await;
            }
        }
    });
}

/// Asks how the server is. That a proxy before it answers is none of its answers.
async fn look() {
    let answer = JsFuture::from(window().fetch_with_str(HEALTH)).await;
    let answer = answer.ok().and_then(|it| it.dyn_into::<Response>().ok());
    if answer.is_some_and(|answer| answer.ok()) {
        answered();
    }
}

fn show(is_away: bool) {
    if let Some(away) = document().get_element_by_id("away") {
        _ = away.toggle_attribute_with_force("hidden", !is_away);
    }
}

/// Hears what the window is told, and no element.
fn hear(name: &str, mut heard: impl FnMut() + 'static) {
    let heard = Closure::<dyn FnMut(Event)>::new(move |_| heard());
    _ = window().add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    heard.forget();
}
