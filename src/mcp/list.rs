//! `tools/list`: the pages of each list, written once and kept while they are asked for.

use std::sync::Arc;

use axum::body::Bytes;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    grants::{Bearer, Offer},
    tools::{self, IconTheme},
};
use quick_cache::{OptionsBuilder, Weighter, sync::Cache};
use rmcp::model::{CacheScope, Icon, ListToolsResult, Tool, ToolAnnotations};

use super::{
    message::{Era, Message},
    reply::{self, Failure},
};
use crate::{middleware::RequestId, state::AppState};

/// Tools in one page.
const PAGE: usize = 1_000;
/// Bytes in one page, more or less, where it has more than one tool.
const PAGE_BYTES: u64 = 1024 * 1024;
/// Bytes of all pages that are kept.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
const USUAL_BYTES: u64 = 16 * 1024;

/// Which page: of an offer, for an era, from a place on.
type Key = (u64, Era, usize);

/// A page as it is sent.
#[derive(Clone)]
struct Page {
    /// A `ListToolsResult`.
    json: Bytes,
    /// Where the next one starts.
    end: usize,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Page> for ByBytes {
    fn weight(&self, _: &Key, page: &Page) -> u64 {
        page.json.len() as u64
    }
}

/// The pages that are in use.
pub struct Pages(Cache<Key, Page, ByBytes>);

impl Default for Pages {
    fn default() -> Self {
        let options = OptionsBuilder::new()
            .estimated_items_capacity((MOST_BYTES / USUAL_BYTES) as usize)
            .weight_capacity(MOST_BYTES)
            // A shard holds its share only, and one page may be megabytes.
            .shards(2)
            .build()
            .expect("both capacities are given");
        Self(Cache::with_options(
            options,
            ByBytes,
            Default::default(),
            Default::default(),
        ))
    }
}

impl Pages {
    fn page(&self, offer: &Offer, era: Era, start: usize) -> Page {
        let key = (offer.id, era, start);
        if let Some(known) = self.0.get(&key) {
            return known;
        }
        let (mut result, end) = page(offer, start);
        if era == Era::Legacy {
            result.result_type = None;
        }
        let json = serde_json::to_vec(&result).expect("a list is JSON").into();
        let page = Page { json, end };
        self.0.insert(key, page.clone());
        page
    }
}

/// The message that answers `tools/list`.
pub async fn answer(
    state: &AppState,
    bearer: &Bearer,
    message: &Message<'_>,
    cursor: Option<&str>,
) -> Vec<u8> {
    let offer = match state.services.grants.offer(bearer).await {
        Ok(offer) => offer,
        Err(error) => {
            return reply::of_failure(message.id, &Failure::broken(&error, &RequestId::current()));
        }
    };
    match start(&offer, cursor) {
        Some(start) => {
            let page = state.mcp.pages.page(&offer, message.era, start);
            // How much of the list the connection has.
            let grants = &state.services.grants;
            grants.note_list(bearer, &offer, page.end).await;
            reply::of_result(message.id, &page.json)
        }
        None => reply::of_failure(message.id, &Failure::invalid_params(BAD_CURSOR)),
    }
}

pub const BAD_CURSOR: &str = "This cursor is not one of ours; list from the start again.";

/// Where the page after a cursor starts: behind the name that the cursor holds, whether or not a
/// tool still has it. `None` for one that is not ours.
pub fn start(offer: &Offer, cursor: Option<&str>) -> Option<usize> {
    let Some(cursor) = cursor else {
        return Some(0);
    };
    let name = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    tools::is_name(&name).then(|| {
        offer
            .tools()
            .partition_point(|tool| tool.name.as_str() <= name.as_str())
    })
}

/// Where the page ends that starts at a place.
fn end(offer: &Offer, start: usize) -> usize {
    let mut bytes = 0;
    let rest = offer.tools().get(start..).unwrap_or_default();
    let fitting = rest.iter().take(PAGE).take_while(|tool| {
        let is_first = bytes == 0;
        bytes += tool.text_bytes();
        is_first || bytes <= PAGE_BYTES
    });
    start + fitting.count()
}

/// The page that starts at a place, and where it ends.
pub fn page(offer: &Offer, start: usize) -> (ListToolsResult, usize) {
    let tools = offer.tools();
    let end = end(offer, start);
    let shown = tools.get(start..end).unwrap_or_default();
    let mut result =
        ListToolsResult::with_all_items(shown.iter().map(|tool| listed(tool)).collect());
    if end < tools.len() {
        result.next_cursor = shown.last().map(|tool| URL_SAFE_NO_PAD.encode(&tool.name));
    }
    // A tool that is switched off is gone from the next request on: nobody may keep the list.
    result.ttl_ms = Some(0);
    result.cache_scope = Some(CacheScope::Private);
    (result, end)
}

/// A tool as MCP shows it.
pub fn listed(tool: &tools::Tool) -> Tool {
    let mut listed = Tool::new(
        tool.name.clone(),
        tool.description.clone(),
        Arc::new(tool.input_schema.clone()),
    );
    let title = if tool.title.is_empty() {
        &tool.name
    } else {
        &tool.title
    };
    listed.title = Some(title.clone());
    listed.output_schema = tool.output_schema.clone().map(Arc::new);
    listed.annotations = Some(ToolAnnotations::from_raw(
        None,
        Some(tool.annotations.read_only_hint),
        Some(tool.annotations.destructive_hint),
        Some(tool.annotations.idempotent_hint),
        Some(tool.annotations.open_world_hint),
    ));
    if !tool.icons.is_empty() {
        listed.icons = Some(tool.icons.iter().map(icon).collect());
    }
    listed
}

fn icon(icon: &tools::Icon) -> Icon {
    let mut shown = Icon::new(icon.src.clone());
    shown.mime_type.clone_from(&icon.mime_type);
    shown.sizes = (!icon.sizes.is_empty()).then(|| icon.sizes.clone());
    shown.theme = icon.theme.map(|theme| match theme {
        IconTheme::Light => rmcp::model::IconTheme::Light,
        IconTheme::Dark => rmcp::model::IconTheme::Dark,
    });
    shown
}
