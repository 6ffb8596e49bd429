//! The title and the description: what people and models know of a tool.

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use super::{Findings, Rule, names::words};
use crate::tools::ToolInput;

/// Words of a description that can say what a tool does. Anthropic asks for three to four sentences
/// (Tool use, "Best practices for tool definitions", read November 2026).
const FEWEST_WORDS: usize = 5;
/// Characters that APIs of OpenAI's form take of a function's description
/// (modelcontextprotocol/servers#799, seen until 2026).
const OPENAI_CHARACTERS: usize = 1_024;
/// Characters after which Claude Code cuts a description, since 2.1.84 of March 2026
/// (anthropics/claude-code#41593).
const CLAUDE_CODE_CHARACTERS: usize = 2_048;

/// Words that add nothing to a name.
const FILLERS: [&str; 15] = [
    "a", "all", "an", "api", "by", "endpoint", "for", "in", "it", "of", "the", "this", "to",
    "tool", "with",
];

pub(super) fn check(input: &ToolInput, findings: &mut Findings) {
    check_title(input, findings);
    let description = input.description.trim();
    let length = description.chars().count();
    let count = description.split_whitespace().count();
    if description.is_empty() {
        findings.error(
            Rule::DescriptionMissing,
            "description",
            "Say in a sentence what the tool does and when to use it: it is all the model knows of it.",
        );
    } else if repeats_name(input) {
        findings.warning(
            Rule::DescriptionRepeatsName,
            "description",
            "It says no more than the name. Say what comes back and when to use the tool.",
        );
    } else if count < FEWEST_WORDS && length < 60 {
        findings.warning(
            Rule::DescriptionShort,
            "description",
            "It is very short. Say in a sentence or two what the tool does, what comes back and when \
             to use it.",
        );
    }
    if length > CLAUDE_CODE_CHARACTERS {
        findings.warning(
            Rule::DescriptionLong,
            "description",
            format!(
                "It has {length} characters, and Claude Code cuts it after {CLAUDE_CODE_CHARACTERS}. \
                 Put what matters first, and what belongs to an argument into its description."
            ),
        );
    } else if length > OPENAI_CHARACTERS {
        findings.hint(
            Rule::DescriptionLong,
            "description",
            format!(
                "It has {length} characters, and some clients refuse more than {OPENAI_CHARACTERS}. \
                 What belongs to an argument can go into the argument's description."
            ),
        );
    }
    if has_markup(description) {
        findings.hint(
            Rule::DescriptionMarkup,
            "description",
            "It has leftovers of HTML, or links that lead nowhere outside their page. They cost \
             tokens and say nothing: write plain sentences.",
        );
    }
}

fn check_title(input: &ToolInput, findings: &mut Findings) {
    let title = input.title.trim();
    if title.is_empty() {
        findings.warning(
            Rule::TitleMissing,
            "title",
            "Give it a title, like Search contacts: people see it when Claude asks whether it may \
             call the tool, and Anthropic's directory asks for one.",
        );
    } else if title == input.name {
        findings.hint(
            Rule::TitleMissing,
            "title",
            "The title is the name. Write it for people, like Search contacts.",
        );
    }
}

/// Whether each word of the description is in the name, or it is only the request.
fn repeats_name(input: &ToolInput) -> bool {
    let description = input.description.trim();
    if description == format!("{} {}", input.http_method, input.endpoint_path) {
        return true;
    }
    // Not of the title: no model reads it.
    let known: HashSet<String> = words(&input.name).iter().map(|word| stem(word)).collect();
    let said = words(description);
    let is_known = |word: &String| FILLERS.contains(&word.as_str()) || known.contains(&stem(word));
    !said.is_empty() && said.iter().all(is_known)
}

/// A word without the end that makes it a plural or a verb of it.
fn stem(word: &str) -> String {
    word.trim_end_matches('s').trim_end_matches('e').to_owned()
}

/// HTML's tags and entities, and links of Markdown to a page beside their own.
fn has_markup(description: &str) -> bool {
    static MARKUP: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)</?(p|br|a|b|i|u|ul|ol|li|code|pre|div|span|h[1-6]|table|t[rdh]|strong|em|sup|font)(\s[^<>]{0,200})?/?>|&(lt|gt|amp|nbsp|quot|#\d{1,5});|\]\([/#]",
        )
        .expect("it is an expression")
    });
    MARKUP.is_match(description)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::rules;

    #[test]
    fn a_title_is_for_people() {
        assert_eq!(
            rules(json!({ "title": " " })),
            ["warning title.missing title"]
        );
        assert_eq!(
            rules(json!({ "title": "crm-contacts-search" })),
            ["hint title.missing title"]
        );
    }

    #[test]
    fn a_description_says_something() {
        for (description, found) in [
            ("", "error description.missing description"),
            (
                "Search the contacts",
                "warning description.repeats_name description",
            ),
            (
                "This tool searches contacts of the CRM",
                "warning description.repeats_name description",
            ),
            (
                "CRM contact search API.",
                "warning description.repeats_name description",
            ),
            (
                "GET /contacts",
                "warning description.repeats_name description",
            ),
            ("Looks people up", "warning description.short description"),
            (
                "連絡先を名前またはメールアドレスで検索し、その識別子と名前と電話番号と会社名を返します。変更や削除の前に使ってください。この一覧は毎晩更新されます。",
                "",
            ),
        ] {
            let expected: Vec<&str> = [found].into_iter().filter(|one| !one.is_empty()).collect();
            assert_eq!(
                rules(json!({ "description": description })),
                expected,
                "{description}"
            );
        }
    }

    #[test]
    fn a_description_has_an_end() {
        let of = |length: usize| json!({ "description": "Finds contacts. ".repeat(length / 16) });
        assert!(rules(of(1_024)).is_empty());
        assert_eq!(rules(of(1_100)), ["hint description.long description"]);
        assert_eq!(rules(of(2_100)), ["warning description.long description"]);
    }

    #[test]
    fn markup_is_left_over() {
        for (description, is_left) in [
            ("Finds <b>contacts</b> by a part of their name.", true),
            (
                "Finds contacts &amp; companies by a part of their name.",
                true,
            ),
            (
                "Finds contacts, see [search](/rest/search) for more of it.",
                true,
            ),
            (
                "Finds contacts, see [search](https://crm.example/search) for more.",
                false,
            ),
            (
                "Finds contacts where age < 20 and rank > 3, by name.",
                false,
            ),
            (
                "Finds `contacts` of **any** kind by <name> or by email.",
                false,
            ),
        ] {
            let found = rules(json!({ "description": description }));
            assert_eq!(!found.is_empty(), is_left, "{description}: {found:?}");
        }
    }
}
