//! The table of who may do what (`domain::members::operations`), held against the server: all that can
//! be done stands in it, and whoever asks is answered as it says.

mod commands;
mod functions;
mod page;
mod routes;
mod world;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use domain::members::operations::{OPERATIONS, Operation};

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Allowed,
    Refused,
    /// Allowed, but what the fixture names is not there: the act was never reached.
    Missing,
    /// The fixture is wrong, or the server is.
    Broken,
}

impl Outcome {
    /// `is_hidden`: whether what was not found is what others are not told of, such as the project itself.
    fn of(status: StatusCode, is_hidden: bool) -> Self {
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Refused,
            StatusCode::NOT_FOUND if is_hidden => Self::Refused,
            StatusCode::NOT_FOUND => Self::Missing,
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => Self::Allowed,
            other if other.is_success() || other.is_redirection() => Self::Allowed,
            _ => Self::Broken,
        }
    }

    const fn expected(is_allowed: bool) -> Self {
        match is_allowed {
            true => Self::Allowed,
            false => Self::Refused,
        }
    }
}

/// The row that something stands in.
fn row(names: fn(&Operation) -> &'static [&'static str], name: &str) -> &'static Operation {
    let mut rows = OPERATIONS.iter().filter(|row| names(row).contains(&name));
    let found = rows
        .next()
        .unwrap_or_else(|| panic!("{name} stands in no row"));
    assert!(rows.next().is_none(), "{name} stands in two rows");
    found
}

fn held_against(
    kind: &str,
    exists: &BTreeSet<String>,
    names: fn(&Operation) -> &'static [&'static str],
) {
    let named: BTreeSet<String> = OPERATIONS
        .iter()
        .flat_map(|row| names(row).iter().map(ToString::to_string))
        .collect();
    let without_row: Vec<&String> = exists.difference(&named).collect();
    assert!(without_row.is_empty(), "{kind} in no row: {without_row:?}");
    let gone: Vec<&String> = named.difference(exists).collect();
    assert!(gone.is_empty(), "{kind} that do not exist: {gone:?}");
}

#[tokio::test]
async fn all_that_can_be_done_stands_in_one_row_and_each_row_can_be_done() {
    let app = crate::app::TestApp::new().await;
    held_against("functions", &functions::all(), |row| row.server_functions);
    held_against("routes", &routes::all(&app).await, |row| row.routes);
    held_against("commands", &commands::all(), |row| row.commands);
    // A form that nobody's page sent is refused, and not unknown.
    for form in OPERATIONS.iter().flat_map(|row| row.forms) {
        let path = form.strip_prefix("POST ").unwrap();
        let path = path.replace(['{', '}'], "");
        let status = app.form(&path, &[]).await.status;
        let unknown = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED];
        assert!(!unknown.contains(&status), "{form}: {status}");
    }
}

/// What the walk found to be otherwise than the table says.
fn agrees(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
