//! What the page says is what there is.

use domain::{
    calls::Outcome,
    tools::{AuthConfig, AuthStrategy, ToolInput},
    vault::{OAuthClient, VaultSecretInput},
};
use serde_json::{Value, json};

use crate::app::TestApp;

const SNIPPETS: [&str; 6] = [
    include_str!("../../../app/src/pages/docs/custom_tools/snippets/verify.py"),
    include_str!("../../../app/src/pages/docs/custom_tools/snippets/verify.ts"),
    include_str!("../../../app/src/pages/docs/custom_tools/snippets/verify.rs"),
    include_str!("../../../app/src/pages/docs/custom_tools/snippets/webhook.py"),
    include_str!("../../../app/src/pages/docs/custom_tools/snippets/webhook.ts"),
    include_str!("../../../app/src/pages/docs/custom_tools/snippets/webhook.rs"),
];
const DEPENDENCIES: [&str; 2] = [
    include_str!("../../../app/src/pages/docs/custom_tools/snippets/verify.toml"),
    include_str!("../../../app/src/pages/docs/custom_tools/snippets/webhook.toml"),
];

async fn page() -> String {
    let page = TestApp::new().await.get("/docs/custom-tools").await.body;
    let (_, article) = page.split_once("<article").unwrap();
    article.split_once("</article>").unwrap().0.to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The members of a value as it is written, whatever of it is given.
fn members(value: impl serde::Serialize) -> Vec<String> {
    let Value::Object(members) = serde_json::to_value(value).unwrap() else {
        panic!("it is an object")
    };
    members.into_iter().map(|(name, _)| name).collect()
}

#[tokio::test]
async fn it_names_every_field_strategy_and_outcome() {
    let page = page().await;
    let tool: ToolInput = serde_json::from_value(json!({
        "name": "a", "base_url": "b", "endpoint_path": "c",
    }))
    .unwrap();
    let client: OAuthClient = serde_json::from_value(json!({
        "client_id": "a", "token_url": "b", "authorization_url": "c", "scopes": ["d"],
        "audience": "e",
    }))
    .unwrap();
    let secret = VaultSecretInput {
        name: "a".to_owned(),
        origins: Vec::new(),
        value: None,
        auth_strategy: AuthStrategy::default(),
        auth_config: AuthConfig::default(),
        oauth2: None,
    };
    let mut names = [members(tool), members(client), members(secret)].concat();
    // Write-only.
    names.extend(["auth_secret", "value"].map(ToOwned::to_owned));
    names.extend(AuthStrategy::ALL.iter().map(ToString::to_string));
    names.extend(Outcome::ALL.iter().map(ToString::to_string));
    for name in names {
        let cell = format!("class=\"mono\"><div>{name}<");
        assert!(page.contains(&cell), "no row for {name}");
    }
}

#[tokio::test]
async fn its_links_within_lead_somewhere() {
    let page = page().await;
    let ids: Vec<&str> = (page.split("<h2 id=\"").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let links: Vec<&str> = (page.split("href=\"#").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| *link != "main")
        .collect();
    assert_eq!(ids, links, "one for each section, in their order");
    // What other pages link to.
    assert!(ids.contains(&"openapi"));
    let mut each = ids.clone();
    each.sort_unstable();
    each.dedup();
    assert_eq!(each.len(), ids.len(), "{ids:?}");
}

#[tokio::test]
async fn it_shows_what_the_tests_run() {
    let page = page().await;
    for text in SNIPPETS.iter().chain(&DEPENDENCIES) {
        assert!(page.contains(&escaped(text)), "{text}");
    }
    // The versions that the page shows are those that are compiled here.
    let manifest: toml::Table = include_str!("../../../Cargo.toml").parse().unwrap();
    let version = |table: &toml::Value, name: &str| {
        let found = table.get(name)?;
        let version = found.get("version").unwrap_or(found).as_str()?;
        Some(version.to_owned())
    };
    for line in DEPENDENCIES.iter().flat_map(|text| text.lines()) {
        let (name, shown) = line.split_once(" = ").unwrap();
        let ours = version(&manifest["dev-dependencies"], name)
            .or_else(|| version(&manifest["workspace"]["dependencies"], name));
        assert_eq!(ours.as_deref(), Some(shown.trim_matches('"')), "{name}");
    }
}
