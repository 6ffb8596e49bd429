//! The starter catalog, as its page sees it.

use std::collections::HashSet;

use domain::catalog::{AboutKey, Entry, Key, Source, SourceKind};

use crate::api::tool_sources::{CatalogCard, CatalogKey};

/// Of an entry, in a project whose tools have these names.
pub(crate) fn card(entry: &Entry, names: &HashSet<String>) -> CatalogCard {
    let definition = entry.definition();
    let about = |key: &AboutKey| {
        (
            key.get_it_at.clone(),
            format!("{}. Rights: {}", key.looks_like, key.rights),
        )
    };
    CatalogCard {
        id: entry.id.to_owned(),
        name: definition.name.clone(),
        title: definition.title.clone(),
        description: definition.description.clone(),
        api: entry.api.clone(),
        homepage: entry.homepage.clone(),
        terms: entry.terms.clone(),
        manners: entry.manners.clone(),
        key: match &entry.key {
            Key::None => CatalogKey::None,
            Key::Optional(key) => {
                let (get_it_at, looks_like) = about(key);
                CatalogKey::Optional {
                    get_it_at,
                    looks_like,
                }
            }
            Key::Needed(key) => {
                let (get_it_at, looks_like) = about(key);
                CatalogKey::Needed {
                    get_it_at,
                    looks_like,
                }
            }
        },
        ask: entry.example.ask.clone(),
        request: entry.example.request.clone(),
        sources: entry.sources.iter().map(source).collect(),
        called_live: entry.called_live.clone(),
        is_read_only: definition.annotations.read_only_hint == Some(true),
        is_added: names.contains(&definition.name),
    }
}

fn source(source: &Source) -> (String, String) {
    let kind = match source.kind {
        SourceKind::OpenApi => "OpenAPI",
        SourceKind::Documentation => "documentation",
        SourceKind::Code => "source code",
    };
    let text = format!("{kind}, {}, read on {}", source.version, source.retrieved);
    (source.at.clone(), text)
}
