//! Arguments that mean harm: they stay in their place, or nothing is sent.

use serde_json::{Value, json};

use crate::{catalog::entry, execute::rendered, tools::schema::Validator};

/// The URL that arguments make; a reason where they make none.
fn url(id: &str, arguments: Value) -> Result<String, String> {
    let tool = entry(id).unwrap().definition();
    let schema = tool.input_schema.as_object().unwrap();
    let violations = Validator::compile(schema).unwrap().violations(&arguments);
    if violations.is_empty() {
        let request = rendered(tool, arguments.as_object().unwrap())?;
        Ok(request.uri().to_string())
    } else {
        Err(violations.join("; "))
    }
}

#[test]
fn an_argument_changes_nothing_but_its_own_place() {
    for (id, arguments, expected) in [
        (
            "wikipedia-summary",
            json!({ "title": "A/B?redirect=false#x" }),
            "https://en.wikipedia.org/api/rest_v1/page/summary/A%2FB%3Fredirect%3Dfalse%23x",
        ),
        (
            "hacker-news-search",
            json!({ "query": "x&hitsPerPage=1000", "hitsPerPage": 1 }),
            "https://hn.algolia.com/api/v1/search?query=x%26hitsPerPage%3D1000&hitsPerPage=1",
        ),
    ] {
        assert_eq!(url(id, arguments).unwrap(), expected);
    }
}

#[test]
fn what_would_reach_beyond_is_not_sent() {
    for (id, arguments) in [
        (
            "wikipedia-summary",
            json!({ "title": "../../../w/api.php" }),
        ),
        ("wikipedia-summary", json!({ "title": ".." })),
        (
            "github-create-issue",
            json!({ "owner": "a", "repo": "..", "title": "x" }),
        ),
        (
            "github-create-issue",
            json!({ "owner": "a/b", "repo": "c", "title": "x" }),
        ),
        // A second filter, a second condition.
        (
            "crossref-search",
            json!({ "query": "it", "rows": 1, "published_since": "2024,has-orcid:true" }),
        ),
        (
            "hacker-news-search",
            json!({ "query": "x", "hitsPerPage": 1, "min_points": "1,created_at_i>0" }),
        ),
        (
            "frankfurter-rates",
            json!({ "quotes": "EUR&expand=providers" }),
        ),
        // More than anybody reads.
        ("npm-search", json!({ "text": "x", "size": 250 })),
        ("usgs-earthquakes", json!({ "limit": 20_000 })),
        // Half a circle, the end of no period, and what is not described.
        ("usgs-earthquakes", json!({ "limit": 1, "latitude": 1 })),
        (
            "frankfurter-rates",
            json!({ "quotes": "EUR", "to": "2024-01-01" }),
        ),
        ("nasa-picture-of-the-day", json!({ "api_key": "another" })),
        ("nasa-picture-of-the-day", json!({ "date": "2024-04-08\n" })),
        (
            "slack-post-message",
            json!({ "channel": "a", "text": "x", "blocks": [] }),
        ),
    ] {
        assert!(url(id, arguments.clone()).is_err(), "{id} {arguments}");
    }
}
