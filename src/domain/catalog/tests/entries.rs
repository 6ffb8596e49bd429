//! The rules that every entry keeps.

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    accounts::SignUpPolicy,
    catalog::{Entry, Key, entries, entry},
    contract::World,
    db::testing::TestDatabase,
    execute::rendered,
    members::{Developer, Viewer},
    tools::{AuthStrategy, HttpMethod, ToolInput, schema::Validator},
};

/// The tools that change something for others; all the rest only read.
const WRITING: [&str; 2] = ["github-create-issue", "slack-post-message"];

pub(super) fn assert_is_url(text: &str) {
    let url = url::Url::parse(text).unwrap();
    assert!(url.scheme() == "https" && url.domain().is_some(), "{text}");
}

pub(super) fn assert_is_day(text: &str) {
    let parts: Vec<_> = text.split('-').collect();
    let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
    assert_eq!(lengths, [4, 2, 2], "{text}");
    assert!(
        parts.iter().all(|part| part.parse::<u16>().is_ok()),
        "{text}"
    );
}

/// With a key where there is one.
fn ready(entry: &Entry) -> ToolInput {
    entry.tool((entry.key != Key::None).then(|| "a-key".to_owned()))
}

#[test]
fn each_file_is_an_entry_or_a_document() {
    let files = |folder: &str| {
        let folder = format!("{}/catalog/{folder}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_dir(folder).unwrap().count()
    };
    assert_eq!(files("entries"), entries().len());
    assert_eq!(files("documents"), crate::catalog::files::DOCUMENTS.len());
}

#[test]
fn ids_and_names_are_unique_and_names_say_the_category() {
    let ids: HashSet<_> = entries().iter().map(|entry| entry.id).collect();
    let names: HashSet<_> = entries()
        .iter()
        .map(|entry| &entry.definition().name)
        .collect();
    assert_eq!((ids.len(), names.len()), (entries().len(), entries().len()));
    for one in entries() {
        let parts: Vec<_> = one.definition().name.split('-').collect();
        assert_eq!((parts.len(), parts[0]), (3, one.category.as_str()));
        assert_eq!(entry(one.id).unwrap().id, one.id);
    }
    assert!(entry("").is_none() && entry("../entries").is_none());
}

#[tokio::test]
async fn every_entry_can_be_added_and_is_the_same_when_added_again() {
    let world = World::new(TestDatabase::sqlite().await, SignUpPolicy::Open);
    let ada = world.person("ada@example.com").await;
    let developer = world.access::<Developer>(&ada).await;
    let tools = &world.services.tools;
    let inputs: Vec<_> = entries().iter().map(ready).collect();
    let added = tools.apply(&developer, &inputs).await.unwrap();
    assert_eq!(added.created.len(), entries().len());
    let again = tools.apply(&developer, &inputs).await.unwrap();
    assert_eq!(again.unchanged.len(), entries().len());
    let viewer = world.access::<Viewer>(&ada).await;
    for tool in tools.list(&viewer).await.unwrap() {
        let is_own = |entry: &&Entry| entry.definition().name == tool.name;
        let entry = entries().iter().find(is_own).unwrap();
        assert_eq!(tool.auth_secret.is_some(), entry.key != Key::None);
        let hints = tool.annotations;
        let only_reads = !WRITING.contains(&entry.id);
        assert_eq!(
            (
                hints.read_only_hint,
                hints.idempotent_hint,
                hints.destructive_hint,
                hints.open_world_hint
            ),
            (only_reads, only_reads, false, true),
            "{}",
            entry.id
        );
        // A hint that was left out would be guessed from the method.
        let given = entry.definition().annotations;
        assert!(given.read_only_hint.is_some() && given.idempotent_hint.is_some());
        assert!(given.destructive_hint.is_some() && given.open_world_hint.is_some());
    }
}

#[tokio::test]
async fn a_key_is_taken_where_it_serves_and_missed_where_it_is_needed() {
    let world = World::new(TestDatabase::sqlite().await, SignUpPolicy::Open);
    let tools = &world.services.tools;
    let broken = |input: ToolInput| match tools.check(&input, None, &[]) {
        Err(crate::Error::Invalid(fields)) => fields.into_iter().map(|one| one.field).collect(),
        other => other.map(|()| Vec::new()).unwrap(),
    };
    for entry in entries() {
        let id = entry.id;
        for none in [None, Some(String::new()), Some(" \n".to_owned())] {
            let input = entry.tool(none);
            assert_eq!(input.auth_secret, None);
            let needs = matches!(entry.key, Key::Needed(_));
            let expected: &[&str] = if needs { &["auth_secret"] } else { &[] };
            assert_eq!(broken(input), expected, "{id}");
        }
        let given = entry.tool(Some("  a-key\n".to_owned()));
        assert_eq!(given.auth_secret.as_deref(), Some("a-key"));
        // A key that nothing would use is not swallowed.
        let expected: &[&str] = if entry.key == Key::None {
            &["auth_secret"]
        } else {
            &[]
        };
        assert_eq!(broken(given), expected, "{id}");
        assert_eq!(
            entry.definition().auth_strategy == AuthStrategy::None,
            entry.key == Key::None,
            "{id}"
        );
        assert_eq!(entry.definition().auth_secret, None, "a file holds no key");
    }
    let optional = entry("github-search-repositories").unwrap();
    assert_eq!(optional.tool(None).auth_strategy, AuthStrategy::None);
    let with_key = optional.tool(Some("a-key".to_owned()));
    assert_eq!(with_key.auth_strategy, AuthStrategy::StaticBearer);
    let needing = entries()
        .iter()
        .filter(|one| matches!(one.key, Key::Needed(_)));
    assert!(needing.count() >= 4);
}

#[test]
fn every_example_makes_the_request_that_it_shows() {
    for entry in entries() {
        let (tool, example) = (entry.definition(), &entry.example);
        let schema = tool.input_schema.as_object().unwrap();
        let arguments = Value::Object(example.arguments.clone());
        let violations = Validator::compile(schema).unwrap().violations(&arguments);
        assert_eq!(violations, [""; 0], "{}", entry.id);
        let request = rendered(tool, &example.arguments).unwrap();
        let line = format!("{} {}", request.method(), request.uri());
        assert_eq!(line, example.request, "{}", entry.id);
        let body = request
            .body()
            .as_deref()
            .map(serde_json::from_slice::<Value>);
        assert_eq!(body.transpose().unwrap(), example.body, "{}", entry.id);
        assert!(!example.ask.is_empty());
    }
}

#[test]
fn everything_is_reached_by_https_and_kept_small() {
    for entry in entries() {
        let tool = entry.definition();
        assert_is_url(&tool.base_url);
        assert_is_url(&entry.homepage);
        entry.terms.iter().for_each(|url| assert_is_url(url));
        if let Key::Needed(about) | Key::Optional(about) = &entry.key {
            assert_is_url(&about.get_it_at);
            assert!(!about.looks_like.is_empty() && !about.rights.is_empty());
        }
        entry.called_live.iter().for_each(|day| assert_is_day(day));
        assert!(tool.max_concurrency.is_some() && tool.timeout_ms <= 30_000);
        assert!(tool.max_response_bytes <= 524_288, "{}", entry.id);
        assert!(!tool.require_member && !tool.inject_member_identity && tool.is_enabled);
        assert!(tool.input_schema.to_string().len() < 4_000, "{}", entry.id);
        // A card shows all that is sent.
        let is_get = tool.http_method == HttpMethod::Get;
        assert!(is_get || entry.example.body.is_some());
    }
}

/// What a description for a model must not do: give orders, speak of other tools' use, or hide
/// something.
const ORDERS: [&str; 20] = [
    "ignore",
    "disregard",
    "instead of",
    "you must",
    "you should",
    "always",
    "never",
    "do not",
    "don't",
    "make sure",
    "system prompt",
    "instruction",
    "assistant",
    "claude",
    "secret",
    "password",
    "before using",
    "first call",
    "important",
    "http:",
];

fn assert_only_tells(text: &str) {
    let lower = text.to_lowercase();
    for order in ORDERS {
        assert!(!lower.contains(order), "{order:?} is in {text:?}");
    }
    let is_plain = |c: char| (' '..='~').contains(&c) || "…".contains(c);
    assert!(text.chars().all(is_plain), "{text:?}");
}

#[test]
fn descriptions_tell_and_give_no_orders() {
    for entry in entries() {
        let tool = entry.definition();
        let length = tool.description.chars().count();
        assert!((80..1_000).contains(&length), "{}: {length}", entry.id);
        assert!((5..=40).contains(&tool.title.len()), "{}", entry.id);
        assert_only_tells(&tool.title);
        assert_only_tells(&tool.description);
        let schema = &tool.input_schema;
        assert_eq!(schema["additionalProperties"], false, "{}", entry.id);
        for (name, argument) in schema["properties"].as_object().unwrap() {
            let about = argument["description"].as_str().unwrap_or_default();
            assert!(about.len() > 10, "{}: {name}", entry.id);
            assert_only_tells(about);
            // Whatever a model makes up, a request stays small.
            let is_bounded = match argument["type"].as_str().unwrap() {
                "string" => ["enum", "pattern", "maxLength"],
                "array" => ["maxItems"; 3],
                _ => ["maximum"; 3],
            };
            assert!(
                is_bounded
                    .iter()
                    .any(|keyword| argument.get(*keyword).is_some()),
                "{}: {name}",
                entry.id
            );
        }
    }
}
