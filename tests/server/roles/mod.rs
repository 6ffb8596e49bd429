//! The table of who may do what (`domain::members::operations`), held against the server: all that can
//! be done stands in it, and whoever asks is answered as it says.

mod commands;
mod forms;
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
    /// Allowed, and stopped by a rule of what was asked for: the act was reached and not done.
    Stopped,
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
            StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => Self::Stopped,
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

/// What the fixtures do not have done for real, each with why: it is enough there that who may is let in,
/// and finds nothing or is stopped by a rule.
struct NotDone {
    named: &'static [(&'static str, &'static str)],
    met: BTreeSet<&'static str>,
}

impl NotDone {
    const fn new(named: &'static [(&'static str, &'static str)]) -> Self {
        Self {
            named,
            met: BTreeSet::new(),
        }
    }

    fn settle(&mut self, name: &str, outcome: Outcome) -> Outcome {
        let known = self.named.iter().find(|(one, _)| *one == name);
        match (outcome, known) {
            (Outcome::Stopped | Outcome::Missing, Some((name, _))) => {
                self.met.insert(name);
                Outcome::Allowed
            }
            (other, _) => other,
        }
    }

    /// What is done for real is not to be excused.
    fn are_all_met(&self) {
        let done: Vec<_> = self
            .named
            .iter()
            .filter(|(name, _)| !self.met.contains(name))
            .collect();
        assert!(done.is_empty(), "these are done for real: {done:?}");
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
    // That these are all that the routers take is held in `attacks/forms.rs`.
    held_against("forms", &forms::all(), |row| row.forms);
}

/// What the walk found to be otherwise than the table says.
fn agrees(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}
