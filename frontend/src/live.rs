//! `[data-live=URL]`: shows what changed elsewhere, as the server tells it by server-sent events; and tells
//! `connection` when it hears nothing any more.
//!
//! It listens while somebody looks: a browser holds few connections to a server, and a page that nobody
//! touches is not to keep its session alive.

use std::cell::{Cell, RefCell};

use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event, EventSource, KeyboardEvent, PointerEvent};

use crate::{
    connection,
    page::{self, document},
    page_change,
};

/// Milliseconds until a connection that broke is worth a word.
const PATIENCE: i32 = 3_000;
/// Between attempts, where the browser does not make them itself.
const AGAIN: i32 = 4_000;
/// Untouched for so long, the page waits to be touched.
const UNTOUCHED: f64 = 20.0 * 60.0 * 1000.0;
/// Between two looks at that.
const LOOK: i32 = 60_000;

thread_local! {
    static SOURCE: RefCell<Option<EventSource>> = const { RefCell::new(None) };
    /// Since it was last heard that the connection is there, it was not: what is shown may be old.
    static IS_LOST: Cell<bool> = const { Cell::new(false) };
    static IS_REFRESHING: Cell<bool> = const { Cell::new(false) };
    /// Something happened since the page was last asked for.
    static IS_DUE: Cell<bool> = const { Cell::new(false) };
    static TOUCHED_AT: Cell<f64> = const { Cell::new(0.0) };
}

pub fn start() {
    touched();
    if document().hidden() {
        // A tab that nobody looks at yet takes no connection.
        IS_LOST.set(true);
    } else {
        listen();
    }
    page::on("visibilitychange", |_: Event| {
        if document().hidden() {
            stop();
        } else {
            touched();
        }
    });
    page::on("pointerdown", |_: PointerEvent| touched());
    page::on("keydown", |_: KeyboardEvent| touched());
    spawn_local(async {
        loop {
            page::sleep(LOOK).await;
            if js_sys::Date::now() - TOUCHED_AT.get() > UNTOUCHED {
                stop();
            }
        }
    });
}

fn touched() {
    TOUCHED_AT.set(js_sys::Date::now());
    let is_stopped = SOURCE.with_borrow(Option::is_none);
    if is_stopped && IS_LOST.get() {
        listen();
    }
}

/// What happens from now on is seen when somebody looks again.
fn stop() {
    if let Some(source) = SOURCE.take() {
        source.close();
        IS_LOST.set(true);
    }
}

fn listen() {
    let Ok(Some(place)) = document().query_selector("[data-live]") else {
        return;
    };
    let url = place.get_attribute("data-live").unwrap_or_default();
    let Ok(source) = EventSource::new(&url) else {
        return;
    };
    hear(&source, "hello", || {
        connection::answered();
        if IS_LOST.replace(false) {
            refresh();
        }
    });
    hear(&source, "changed", refresh);
    let of = source.clone();
    hear(&source, "error", move || lost(&of));
    if let Some(before) = SOURCE.replace(Some(source)) {
        before.close();
    }
}

fn hear(source: &EventSource, name: &str, heard: impl FnMut() + 'static) {
    let mut heard = heard;
    let heard = Closure::<dyn FnMut(Event)>::new(move |_| heard());
    _ = source.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
    heard.forget();
}

/// The browser tries again by itself, but where the server answered and said no.
fn lost(source: &EventSource) {
    IS_LOST.set(true);
    let lost = source.clone();
    let is_over = source.ready_state() == EventSource::CLOSED;
    spawn_local(async move {
        page::sleep(PATIENCE).await;
        if IS_LOST.get() && SOURCE.with_borrow(Option::is_some) {
            connection::unanswered();
        }
        if is_over {
            page::sleep(AGAIN).await;
            let is_still_it = SOURCE.with_borrow(|now| now.as_ref() == Some(&lost));
            if is_still_it && SOURCE.take().is_some() {
                // Who is signed out is led to the sign-in by this.
                page_change::refresh().await;
                // Else it listens when somebody looks again.
                if !document().hidden() {
                    listen();
                }
            }
        }
    });
}

/// Asks for the page anew; for what happens meanwhile, once more.
fn refresh() {
    IS_DUE.set(true);
    if IS_REFRESHING.replace(true) {
        return;
    }
    spawn_local(async {
        while IS_DUE.replace(false) {
            page_change::refresh().await;
        }
        IS_REFRESHING.set(false);
    });
}
