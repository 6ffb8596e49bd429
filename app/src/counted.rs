//! Numbers of things, in sentences.

/// `1 connection`, `3 connections`
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
