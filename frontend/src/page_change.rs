//! Brings the page to what the server renders now, and leaves alone what somebody is doing in it: what is
//! typed, which dialog and which fold is open, where the focus is.

use std::cell::Cell;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Document, DomParser, Element, Headers, HtmlDialogElement, Node, RequestInit,
    Response, SupportedType,
};

use crate::{
    connection, later,
    likeness::{counterpart, is_still_in},
    page::{self, document, here},
    preview, toast,
};

thread_local! {
    /// Counts the pages that were asked for, and those that were shown: an older one never replaces a newer.
    static ASKED: Cell<u64> = const { Cell::new(0) };
    static SHOWN: Cell<u64> = const { Cell::new(0) };
    /// A page came while a form was on its way, and was not shown.
    static IS_OWED: Cell<bool> = const { Cell::new(false) };
}

/// What a page says that is not left, because something is in it that would be lost.
pub const SIGNED_OUT: &str = "This page cannot be renewed: you may be signed out. Sign in in another tab; \
     what is here stays.";

/// Milliseconds that a page may take.
const PAGE_WITHIN: u32 = 30_000;

/// The page anew. Where the server leads elsewhere (to the sign-in), the browser goes there.
pub async fn refresh() {
    let asked = ASKED.get() + 1;
    ASKED.set(asked);
    // A dialog may be closed meanwhile, for which the address asked: the page without it is asked for then. And
    // a form may have brought a page, of which nobody knows whether it is the older one.
    loop {
        let (place, shown) = (here(), SHOWN.get());
        let Some(answered) = get(&place).await else {
            return;
        };
        if answered.redirected() {
            return leave(&answered.url());
        }
        let page = read(&answered).await;
        if ASKED.get() != asked {
            return;
        }
        if place != here() || SHOWN.get() != shown {
            continue;
        }
        if is_busy() {
            // A form on its way shows its wish, which this page is older than; it brings another, or fails.
            IS_OWED.set(true);
        } else if let Some(page) = page {
            show(&page);
        }
        return;
    }
}

fn is_busy() -> bool {
    matches!(document().query_selector("form[data-busy]"), Ok(Some(_)))
}

/// Shows what was held back while a form was on its way, now that it is there and brought no page.
pub async fn catch_up() {
    if IS_OWED.get() && !is_busy() {
        refresh().await;
    }
}

/// Goes where the server leads, but for who would lose something by it.
fn leave(to: &str) {
    let main = document().get_element_by_id("main");
    let is_kept = matches!(
        document().query_selector("dialog[data-kept][open]"),
        Ok(Some(_))
    );
    if is_kept || main.is_some_and(|main| page::has_typed(&main)) {
        toast::bad(SIGNED_OUT);
    } else {
        page::go(to);
    }
}

/// The page at a path of ours; `None` where the server leads elsewhere.
pub async fn page_at(path: &str) -> Option<Document> {
    let answered = get(path).await?;
    match answered.redirected() {
        true => None,
        false => read(&answered).await,
    }
}

async fn get(path: &str) -> Option<Response> {
    let headers = Headers::new().ok()?;
    _ = headers.set("Accept", "text/html");
    let request = RequestInit::new();
    request.set_headers(&headers);
    request.set_signal(Some(&AbortSignal::timeout_with_u32(PAGE_WITHIN)));
    connection::fetch(path, &request).await
}

/// The page that a response holds; `None` where it is no page.
pub async fn read(answered: &Response) -> Option<Document> {
    let text = JsFuture::from(answered.text().ok()?)
        .await
        .ok()?
        .as_string()?;
    DomParser::new()
        .ok()?
        .parse_from_string(&text, SupportedType::TextHtml)
        .ok()
}

/// Whether it is a page of the dashboard, and none that only says something.
pub fn is_page(rendered: &Document) -> bool {
    rendered.get_element_by_id("main").is_some()
}

/// Shows what a rendered page holds, and opens what it brought to be seen.
pub fn show(rendered: &Document) {
    if !is_page(rendered) {
        return;
    }
    SHOWN.set(SHOWN.get() + 1);
    IS_OWED.set(false);
    document().set_title(&rendered.title());
    show_part(rendered, "#main");
    show_part(rendered, ".topbar");
    if let Some(main) = document().get_element_by_id("main") {
        open_what_came(&main);
    }
    preview::look_at_once();
    later::ask();
}

/// Shows only what of it `selector` matches.
pub fn show_part(rendered: &Document, selector: &str) {
    let now = document().query_selector(selector).ok().flatten();
    let then = rendered.query_selector(selector).ok().flatten();
    if let (Some(now), Some(then)) = (now, then) {
        become_like(&now, &then);
    }
}

/// A dialog that the page came with stands over it, where it was only in it.
pub fn open_what_came(root: &Element) {
    for dialog in page::all(root, "dialog[open]") {
        let Ok(dialog) = dialog.dyn_into::<HtmlDialogElement>() else {
            continue;
        };
        if !dialog.matches(":modal").unwrap_or(false) {
            _ = dialog.remove_attribute("open");
            _ = dialog.show_modal();
        }
    }
}

/// Makes `now` look as `then` does, part by part.
fn become_like(now: &Element, then: &Element) {
    take_attributes(now, then);
    open_over_problems(now, then);
    // What it holds is brought by `later` or `preview`, and stays until they bring another.
    if then.has_attribute("data-later") {
        return;
    }
    let wanted = children(then);
    let mut next = now.first_child();
    for wanted in wanted {
        let found = next.clone().and_then(|from| counterpart(&from, &wanted));
        match found {
            Some(found) => {
                next = bring_forward(now, then, next, &found);
                match (found.dyn_ref::<Element>(), wanted.dyn_ref::<Element>()) {
                    (Some(found), Some(wanted)) => become_like(found, wanted),
                    _ => {
                        if found.node_value() != wanted.node_value() {
                            found.set_node_value(wanted.node_value().as_deref());
                        }
                    }
                }
            }
            None => {
                let Ok(new) = document().import_node_with_deep(&wanted, true) else {
                    continue;
                };
                _ = now.insert_before(&new, next.as_ref());
            }
        }
    }
    while let Some(gone) = next {
        next = gone.next_sibling();
        remove(now, &gone);
    }
}

/// Makes `found` the next child, and answers with the one after it. What stands before it is gone, but
/// where some of it comes later: then `found` changes its place.
fn bring_forward(now: &Element, then: &Element, next: Option<Node>, found: &Node) -> Option<Node> {
    let mut before = Vec::new();
    let mut at = next.clone();
    while let Some(node) = at.filter(|it| !it.is_same_node(Some(found))) {
        at = node.next_sibling();
        before.push(node);
    }
    if before.iter().any(|node| is_still_in(then, node)) {
        _ = now.insert_before(found, next.as_ref());
        return next;
    }
    for gone in before {
        remove(now, &gone);
    }
    found.next_sibling()
}

/// Takes a child away, but not what cannot be seen again and is not saved, nor what was just said.
fn remove(from: &Element, gone: &Node) {
    let kept = "dialog[data-kept][open]";
    let is_kept = gone.dyn_ref::<Element>().is_some_and(|it| {
        it.matches(".toasts").unwrap_or(false)
            || it.matches(kept).unwrap_or(false)
            || matches!(it.query_selector(kept), Ok(Some(_)))
    });
    if !is_kept {
        _ = from.remove_child(gone);
    }
}

fn children(of: &Element) -> Vec<Node> {
    let nodes = of.child_nodes();
    (0..nodes.length())
        .filter_map(|index| nodes.get(index))
        .collect()
}

/// Whether somebody decides this attribute, once it is there, and not the server.
fn is_theirs(element: &Element, name: &str) -> bool {
    match name {
        // Of a form that is on its way.
        "data-busy" | "aria-busy" => true,
        "open" => element.tag_name() == "DETAILS" || element.matches(":modal").unwrap_or(false),
        // `passkeys.js` shows these, where the browser can do it.
        "hidden" => element.has_attribute("data-passkey"),
        _ => false,
    }
}

fn take_attributes(now: &Element, then: &Element) {
    // The server does not send a secret back that it was sent.
    let keeps_secret = now.matches("input[type='password']").unwrap_or(false)
        && then.get_attribute("value").unwrap_or_default().is_empty();
    let is_theirs = |now, name: &str| is_theirs(now, name) || (keeps_secret && name == "value");
    for name in names(now) {
        if !then.has_attribute(&name) && !is_theirs(now, &name) {
            _ = now.remove_attribute(&name);
        }
    }
    for name in names(then) {
        let value = then.get_attribute(&name);
        if value != now.get_attribute(&name) && !is_theirs(now, &name) {
            _ = now.set_attribute(&name, &value.unwrap_or_default());
        }
    }
}

/// What is wrong is to be seen, whichever fold it is in.
fn open_over_problems(now: &Element, then: &Element) {
    let problem = then.query_selector("[aria-invalid='true'], [role='alert']");
    if now.tag_name() == "DETAILS" && matches!(problem, Ok(Some(_))) {
        _ = now.set_attribute("open", "");
    }
}

fn names(of: &Element) -> Vec<String> {
    of.get_attribute_names()
        .iter()
        .filter_map(|name| name.as_string())
        .collect()
}
