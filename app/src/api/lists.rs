//! What a list is asked for, and where in it a page is.

use serde::{Deserialize, Serialize};

/// Which rows, in which order, and which page of them. Everything may be left out; each list says which
/// states and orders it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListQuery {
    /// Words that a row holds, each of them.
    pub text: String,
    pub state: String,
    pub sort: String,
    /// From 1.
    pub page: usize,
}

/// Where in a list a page is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// From 1; the last one, where a later one was asked for.
    pub page: usize,
    /// Rows of a whole page.
    pub rows: usize,
    /// How many were found.
    pub found: usize,
    /// How many there are.
    pub total: usize,
}

impl Place {
    /// Whether there are more than one sees at a glance.
    #[must_use]
    pub const fn is_searched(&self) -> bool {
        self.total > 10
    }

    /// Whether more was found than a page shows.
    #[must_use]
    pub const fn is_long(&self) -> bool {
        self.found > self.rows
    }
}
