//! What attackers try to make an instance connect to what it must not, as a table: each row is run,
//! and nothing of it arrives. `cargo test -p domain execute::tests::attacks -- --nocapture` prints it.

mod names;
mod redirects;
mod urls;

/// What was tried, how, and what came of it.
struct Row {
    attack: String,
    by: String,
    end: String,
}

fn row(attack: &str, by: impl Into<String>, end: impl Into<String>) -> Row {
    Row {
        attack: attack.to_owned(),
        by: by.into(),
        end: end.into(),
    }
}

fn print(title: &str, rows: &[Row]) {
    println!("\n{title}");
    for Row { attack, by, end } in rows {
        println!("| {attack:<34} | {by:<58} | {end}");
    }
}
