//! The catalog's files, read once.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::Value;

use super::{Entry, Example, Key, Source};
use crate::{tools::ToolInput, yaml};

macro_rules! files {
    ($folder:literal: $($name:literal)+) => {
        [$(($name, include_str!(concat!($folder, "/", $name, ".yaml")))),+]
    };
}

/// In the order in which they are shown: those without a key first.
const ENTRY_FILES: [(&str, &str); 14] = files! { "entries":
    "open-meteo-forecast"
    "open-meteo-geocoding"
    "frankfurter-rates"
    "wikipedia-search"
    "wikipedia-summary"
    "hacker-news-search"
    "crossref-search"
    "npm-search"
    "usgs-earthquakes"
    "github-search-repositories"
    "nasa-picture-of-the-day"
    "github-create-issue"
    "slack-post-message"
    "notion-search"
};

const DOCUMENT_FILES: [(&str, &str); 13] = files! { "documents":
    "crossref"
    "frankfurter"
    "github"
    "hacker_news"
    "nasa"
    "notion"
    "npm"
    "open_meteo"
    "open_meteo_geocoding"
    "slack"
    "usgs"
    "wikipedia_search"
    "wikipedia_summary"
};

/// One API's document: its own, or what its pages say, cut down to what is used.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) sources: Vec<Source>,
    /// `OpenAPI` 3.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "only tests hold it against the tools")
    )]
    pub(super) document: Value,
}

/// An entry as its file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    category: String,
    api: String,
    homepage: String,
    terms: Option<String>,
    manners: Option<String>,
    key: Key,
    /// The name of the document's file.
    document: String,
    operation: String,
    called_live: Option<String>,
    tool: ToolInput,
    example: Example,
}

pub(super) static DOCUMENTS: LazyLock<BTreeMap<&str, Document>> = LazyLock::new(|| {
    let files = DOCUMENT_FILES.iter();
    files
        .map(|(name, text)| (*name, read(name, text)))
        .collect()
});

pub(super) static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let files = ENTRY_FILES.iter();
    files
        .map(|(id, text)| of_file(id, read(id, text)))
        .collect()
});

/// The files are part of the program, and a test reads them all.
fn read<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> T {
    yaml::read(text).unwrap_or_else(|why| panic!("the catalog's file {name}: {why}"))
}

fn of_file(id: &'static str, file: EntryFile) -> Entry {
    let document = DOCUMENTS.get(file.document.as_str());
    let document = document.unwrap_or_else(|| panic!("{id} names no document"));
    Entry {
        id,
        category: file.category,
        api: file.api,
        homepage: file.homepage,
        terms: file.terms,
        manners: file.manners,
        key: file.key,
        operation: file.operation,
        sources: &document.sources,
        called_live: file.called_live,
        example: file.example,
        tool: file.tool,
    }
}
