//! Names and texts, made fit for tools.

use std::collections::{HashMap, HashSet};

use super::operation::Operation;

/// Of a tool, and of an argument: what Claude takes.
const LONGEST: usize = 64;
const LONGEST_TITLE: usize = 120;
const LONGEST_DESCRIPTION: usize = 1_500;

/// A name for the tool that no other of the document has.
pub(super) fn tool(operation: &Operation<'_>, names: &mut Names) -> String {
    let wish = match operation.id() {
        Some(id) => fit(id, |c| c.is_ascii_alphanumeric() || c == '_'),
        None => {
            let words = format!(
                "{} {}",
                operation.method.to_ascii_lowercase(),
                operation.path
            );
            fit(&words, |c| c.is_ascii_alphanumeric() || c == '_')
        }
    };
    names.unique(&wish, '-')
}

/// A name for an argument that no other of the tool has.
pub(crate) fn argument(name: &str, names: &mut Names) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let wish = if !name.is_empty() && name.len() <= LONGEST && name.chars().all(is_plain) {
        name.to_owned()
    } else {
        fit(name, is_plain).replace('-', "_")
    };
    names.unique(&wish, '_')
}

/// Whether a property can be an argument as it is.
pub(super) fn is_argument(name: &str) -> bool {
    argument(name, &mut Names::default()) == name
}

/// What is left of a text, with a `-` for each run of other characters.
fn fit(text: &str, may_stay: impl Fn(char) -> bool) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if may_stay(c) {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.truncate(LONGEST);
    let name = name.trim_end_matches('-');
    if name.is_empty() {
        "unnamed".to_owned()
    } else {
        name.to_owned()
    }
}

/// Names that are taken, each once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
    /// The last number of each name that several wished for: of a hundred thousand of one name the next
    /// is found at once.
    last: HashMap<String, u64>,
}

impl Names {
    pub(crate) fn insert(&mut self, name: String) {
        self.taken.insert(name);
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    fn unique(&mut self, wish: &str, between: char) -> String {
        if self.taken.insert(wish.to_owned()) {
            return wish.to_owned();
        }
        let number = self.last.entry(wish.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let end = format!("{between}{number}");
            let kept = &wish[..wish.len().min(LONGEST - end.len())];
            let name = format!("{kept}{end}");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

pub(super) fn title(operation: &Operation<'_>) -> String {
    let summary = operation.value["summary"].as_str().unwrap_or_default();
    cut(&one_line(summary), LONGEST_TITLE)
}

/// All that the document says of it, within reason.
pub(super) fn description(operation: &Operation<'_>) -> String {
    let text = |field: &str| operation.value[field].as_str().unwrap_or_default().trim();
    let (summary, more) = (text("summary"), text("description"));
    let whole = match (summary, more) {
        (one, "") | ("", one) => one.to_owned(),
        (summary, more) if more.starts_with(summary) => more.to_owned(),
        (summary, more) => format!("{}.\n{more}", summary.trim_end_matches('.')),
    };
    let whole = visible(&whole);
    if whole.is_empty() {
        format!("{} {}", operation.method, operation.path)
    } else {
        cut(&whole, LONGEST_DESCRIPTION)
    }
}

pub(super) fn one_line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    visible(&words.join(" "))
}

/// A text as people see it: a model is told nothing that they are not.
pub(super) fn visible(text: &str) -> String {
    let is_hidden = |c: char| {
        matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
    };
    text.chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| *c == '\n' || !c.is_control() && !is_hidden(*c))
        .collect()
}

/// At most so many characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}
