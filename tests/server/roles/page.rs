//! The table as a file for people (`docs/roles.md`), and the pages that are made of it.

use std::{collections::BTreeMap, fmt::Write};

use axum::http::StatusCode;
use domain::members::operations::{OPERATIONS, Operation, Standing};

use crate::app::TestApp;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/roles.md");

const HEAD: &str = "\
# Who may do what
Made of the table in code, `src/domain/members/operations/`, which `tests/server/roles/` holds against the
server: it calls every server function and every REST route, sends every form that is for somebody, and runs
every command that acts for somebody, as each of these people, and with a key of each role. To write this file anew:
`TENGINE_WRITE_DOCS=1 cargo test -p tengine --test server -- roles::page`.

A key of a project may in it what a member with its role may. *Proof*: a person who signed in some minutes
ago shows once more who they are; a key is shown with each request.
";

fn file() -> String {
    let mut text = HEAD.to_owned();
    let mut areas: Vec<&str> = Vec::new();
    for operation in OPERATIONS {
        if !areas.contains(&operation.area) {
            areas.push(operation.area);
        }
    }
    for area in areas {
        let rows = OPERATIONS.iter().filter(|row| row.area == area);
        writeln!(
            text,
            "\n## {area}\n| | signed out | signed in | viewer | developer | admin | owner | \
             instance's owner | where |\n|---|---|---|---|---|---|---|---|---|"
        )
        .unwrap();
        for row in rows {
            writeln!(text, "{}", line(row)).unwrap();
        }
    }
    text
}

fn line(row: &Operation) -> String {
    let marks = Standing::ALL.map(|one| if row.who.allows(one) { "✓" } else { "" });
    let functions = row.server_functions.iter().map(|name| format!("`{name}`"));
    let forms = row
        .forms
        .iter()
        .chain(row.routes)
        .map(|route| format!("`{route}`"));
    let commands = row.commands.iter().map(|name| format!("`tengine {name}`"));
    let places: Vec<String> = functions.chain(forms).chain(commands).collect();
    let proof = if row.needs_proof { " *Proof.*" } else { "" };
    format!(
        "| {}{proof}<br>{} | {} | {} |",
        row.does,
        row.for_whom(),
        marks.join(" | "),
        places.join("<br>")
    )
}

#[test]
fn the_file_says_what_the_table_says() {
    let expected = file();
    if std::env::var_os("TENGINE_WRITE_DOCS").is_some() {
        std::fs::write(FILE, &expected).unwrap();
    }
    let written = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        written == expected,
        "docs/roles.md is old: run this test with TENGINE_WRITE_DOCS=1"
    );
}

#[tokio::test]
async fn the_docs_show_every_operation_and_every_route_to_anyone() {
    let app = TestApp::new().await;
    let roles = app.get("/docs/roles").await;
    assert_eq!(roles.status, StatusCode::OK);
    let escaped = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    for operation in OPERATIONS {
        assert!(
            roles.body.contains(&escaped(operation.does)),
            "{}",
            operation.id
        );
    }
    let api = app.get("/docs/api").await;
    assert_eq!(api.status, StatusCode::OK);
    let document = app.get("/api/v1/openapi.json").await.json();
    let mut groups = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let route = format!("{} {path}", method.to_uppercase());
            let id = operation["operationId"].as_str().unwrap();
            let tag = operation["tags"][0].as_str().unwrap();
            let page = format!("/docs/api/{}", tag.replace(' ', "-"));
            // Where it was before it had a page is the way to it.
            for listed in [&route, &format!("id=\"{id}\""), &format!("{page}#{id}\"")] {
                assert!(api.body.contains(listed), "{listed}");
            }
            let told: &mut Vec<_> = groups.entry(page).or_default();
            told.push((route, id));
        }
    }
    for (path, told) in groups {
        let page = app.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for (route, id) in told {
            assert!(page.body.contains(&route), "{path}: {route}");
            assert!(page.body.contains(&format!("id=\"{id}\"")), "{path}: {id}");
        }
        assert!(
            page.body.contains("http://localhost:3000/api/v1/"),
            "{path}"
        );
    }
}
