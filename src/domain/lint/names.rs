//! Names: what a model calls a tool by.

use super::{Findings, Rule};
use crate::tools::ToolInput;

/// Characters that clients which write `mcp__server__tool` fit a whole name into: Claude's tool
/// search and OpenAI's API (anthropics/claude-code#22276, microsoft/vscode#243602; Anthropic's API
/// itself takes 128 since 2025). Cursor leaves out tools whose server and name have more than 60
/// (ComposioHQ/composio#2788, February 2026).
const PREFIXED: usize = 64;
/// `mcp__` and `__`.
const AROUND: usize = 7;
/// Characters of a connector's usual name, like `tengine-acme-crm`.
const USUAL_SERVER: usize = 17;
/// Characters of a short one, like `acme`.
const SHORT_SERVER: usize = 6;

/// Words that say nothing of what a tool does.
const EMPTY_WORDS: [&str; 36] = [
    "action",
    "api",
    "bar",
    "baz",
    "call",
    "data",
    "default",
    "demo",
    "do",
    "endpoint",
    "example",
    "exec",
    "execute",
    "fn",
    "foo",
    "func",
    "function",
    "get",
    "handler",
    "http",
    "main",
    "method",
    "my",
    "name",
    "new",
    "operation",
    "request",
    "rest",
    "run",
    "stuff",
    "temp",
    "test",
    "thing",
    "tmp",
    "tool",
    "unnamed",
];

pub(super) fn check(input: &ToolInput, findings: &mut Findings) {
    const FIELD: &str = "name";
    let name = &input.name;
    let longest = PREFIXED - AROUND - USUAL_SERVER;
    let length = name.len();
    let message = |consequence: &str| {
        format!(
            "It has {length} characters. Claude Code, Cursor, VS Code and others put the \
             connector's name before it and fit both into {PREFIXED} or less: {consequence}. Use at \
             most {longest}."
        )
    };
    if length > PREFIXED - AROUND - SHORT_SERVER {
        findings.warning(
            Rule::NameLong,
            FIELD,
            message("they may leave this tool out"),
        );
    } else if length > longest {
        findings.hint(
            Rule::NameLong,
            FIELD,
            message("with a long connector's name this tool may be left out"),
        );
    }
    let words = words(name);
    let is_empty = |word: &String| EMPTY_WORDS.contains(&word.as_str()) || word.len() < 2;
    if words.iter().all(is_empty) {
        findings.warning(
            Rule::NameUnclear,
            FIELD,
            "It does not say what the tool does. Name what it works on and what it does, like \
             crm-contacts-search.",
        );
    } else if name.split('-').filter(|part| !part.is_empty()).count() < 3 {
        findings.hint(
            Rule::NameConvention,
            FIELD,
            "Name it {category}-{api}-{method}, like crm-contacts-search: tools that belong together \
             stand together, and none takes another one's name.",
        );
    }
    if name.contains("__") {
        findings.hint(
            Rule::NameSeparator,
            FIELD,
            "Leave out the two underscores in a row: clients write mcp__server__tool, and rules that \
             allow or forbid tools are split there.",
        );
    }
}

/// The words of a name or a text, in lower case and without numbers: `getUser_by-id2` is get, user,
/// by and id.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut was_lower = false;
    for c in text.chars() {
        if !c.is_alphabetic() || c.is_uppercase() && was_lower {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
        }
        if c.is_alphabetic() {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// A name without what people and models confuse: case and separators.
pub(super) fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testing::rules, *};

    fn of(name: &str) -> Vec<String> {
        rules(json!({ "name": name }))
    }

    #[test]
    fn a_name_leaves_room_for_the_connectors() {
        let named = |length: usize| format!("crm-contacts-{}", "x".repeat(length - 13));
        assert!(of(&named(40)).is_empty());
        assert_eq!(of(&named(41)), ["hint name.long name"]);
        assert_eq!(of(&named(51)), ["hint name.long name"]);
        assert_eq!(of(&named(52)), ["warning name.long name"]);
    }

    #[test]
    fn a_name_says_something() {
        for unclear in [
            "tool1",
            "test",
            "api",
            "my-tool",
            "get_data",
            "foo2",
            "api-v1-call",
            "f",
        ] {
            assert!(
                of(unclear).contains(&"warning name.unclear name".to_owned()),
                "{unclear}"
            );
        }
        for (fine, found) in [
            ("crm-contacts-get_by_id", vec![]),
            ("getUser", vec!["hint name.convention name"]),
            ("run_report", vec!["hint name.convention name"]),
            ("crm-contacts__all-list", vec!["hint name.separator name"]),
        ] {
            assert_eq!(of(fine), found, "{fine}");
        }
    }

    #[test]
    fn words_are_split_and_names_folded() {
        assert_eq!(
            words("getUser_by-id2 HTTPServer"),
            ["get", "user", "by", "id", "httpserver"]
        );
        assert_eq!(words("…"), [""; 0]);
        assert_eq!(folded("Get_User-by.id"), folded("getuser-byid"));
    }
}
