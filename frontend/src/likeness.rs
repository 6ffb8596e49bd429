//! What an element of the page is in the page that the server rendered anew.
//!
//! Whatever has an id is what has the same one. All else is the next of its kind that is not plainly
//! another thing: of another class, or around other ids. So a notice that comes before a form does not
//! become the form, and what is typed in there stays.

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use crate::page;

/// What `wanted` was before, among `from` and what follows it.
pub fn counterpart(from: &Node, wanted: &Node) -> Option<Node> {
    let id = id_of(wanted);
    let mut at = Some(from.clone());
    while let Some(node) = at {
        if is_one(&node, wanted, id.as_deref()) {
            return Some(node);
        }
        at = node.next_sibling();
    }
    None
}

fn is_one(now: &Node, wanted: &Node, id: Option<&str>) -> bool {
    if now.node_name() != wanted.node_name() || id_of(now).as_deref() != id {
        return false;
    }
    match (now.dyn_ref::<Element>(), wanted.dyn_ref::<Element>()) {
        (Some(now), Some(wanted)) if id.is_none() => {
            kind(now) == kind(wanted) && !is_around_others(now, wanted)
        }
        _ => true,
    }
}

/// Whether both have ids in them, and none in common.
fn is_around_others(now: &Element, wanted: &Element) -> bool {
    let wanted = ids_in(wanted);
    let mut now = ids_in(now).peekable();
    let mut wanted = wanted.peekable();
    if now.peek().is_none() || wanted.peek().is_none() {
        return false;
    }
    let wanted: Vec<String> = wanted.collect();
    !now.any(|id| wanted.contains(&id))
}

/// Whether `node` is, or has in it, what `then` has by the same id: it is not to go.
pub fn is_still_in(then: &Element, node: &Node) -> bool {
    let Some(element) = node.dyn_ref::<Element>() else {
        return false;
    };
    let still = |id: String| matches!(then.query_selector(&page::with("id", &id)), Ok(Some(_)));
    id_of(node).is_some_and(still) || ids_in(element).any(still)
}

/// By an attribute, because a form's `id` is its field of that name, where it has one.
fn id_of(node: &Node) -> Option<String> {
    let id = node.dyn_ref::<Element>()?.get_attribute("id")?;
    (!id.is_empty()).then_some(id)
}

fn ids_in(element: &Element) -> impl Iterator<Item = String> {
    let within = page::all(element, "[id]").into_iter();
    within.filter_map(|element| element.get_attribute("id"))
}

/// What it is styled as in the first place; what follows says how it stands.
fn kind(element: &Element) -> Option<String> {
    let class = element.get_attribute("class")?;
    class.split_whitespace().next().map(ToOwned::to_owned)
}
