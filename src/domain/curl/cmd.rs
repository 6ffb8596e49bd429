//! Words, as Windows' cmd.exe and the C library make them of a line: browsers copy commands in this
//! form too ("Copy as cURL (cmd)").

use super::{CurlError, refused};

/// Whether a command is meant for cmd.exe: carets quote its words or continue its lines.
pub(super) fn is_meant(text: &str) -> bool {
    let ends_in = |line: &str, c| line.trim_end().ends_with(c);
    let continues = text.lines().any(|line| ends_in(line, '^'));
    let is_shell = text.lines().any(|line| ends_in(line, '\\'));
    let first = text.split_whitespace().nth(1);
    first.is_some_and(|word| word.starts_with("^\"")) || (continues && !is_shell)
}

/// The words of the first command, and whether that is all of the text.
///
/// # Errors
/// Where a quote is not closed.
pub(super) fn words(text: &str) -> Result<(Vec<String>, bool), CurlError> {
    let (line, is_all) = without_carets(text);
    Ok((split(&line)?, is_all))
}

/// What cmd.exe hands on: to the end of the command, with each caret's character as it is.
fn without_carets(text: &str) -> (String, bool) {
    let mut line = String::new();
    let mut in_quotes = false;
    let mut chars = text.trim().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '^' if !in_quotes => match chars.next() {
                // A line that goes on; an empty one between them is a line break.
                Some('\n') if chars.peek() == Some(&'\n') => {
                    chars.next();
                    line.push('\n');
                }
                Some('\n') | None => {}
                Some(escaped) => line.push(escaped),
            },
            '\n' | '&' | '|' | '<' | '>' if !in_quotes => return (line, false),
            c => {
                in_quotes ^= c == '"';
                line.push(c);
            }
        }
    }
    (line, true)
}

/// Splits as `CommandLineToArgvW` does: backslashes mean something before a quote only.
fn split(line: &str) -> Result<Vec<String>, CurlError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut in_quotes = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let mut count = 1;
                while chars.next_if_eq(&'\\').is_some() {
                    count += 1;
                }
                let word = word.get_or_insert_default();
                if chars.peek() != Some(&'"') {
                    word.extend(std::iter::repeat_n('\\', count));
                    continue;
                }
                word.extend(std::iter::repeat_n('\\', count / 2));
                if count % 2 == 1 {
                    chars.next();
                    word.push('"');
                }
            }
            '"' if in_quotes && chars.next_if_eq(&'"').is_some() => {
                word.get_or_insert_default().push('"');
            }
            '"' => {
                in_quotes = !in_quotes;
                word.get_or_insert_default();
            }
            c if c.is_whitespace() && !in_quotes => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    if in_quotes {
        return Err(refused(
            "A quote is not closed: copy the command as a whole.",
        ));
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_and_backslashes_are_taken_as_windows_does() {
        for (text, expected) in [
            (
                "curl ^\"https://a.example/x?a=1^&b=2^\" ^\n  -H ^\"accept: */*^\"",
                vec!["curl", "https://a.example/x?a=1&b=2", "-H", "accept: */*"],
            ),
            (
                r#"curl --data-raw ^"^{^\^"a^\^":^\^"%^2F \\^\^" x^\^"^}^""#,
                vec!["curl", "--data-raw", r#"{"a":"%2F \" x"}"#],
            ),
            (
                "curl \"a^b\" ^\n -d \"{\"\"a\"\":\"\"b & c\"\"}\"",
                vec!["curl", "a^b", "-d", r#"{"a":"b & c"}"#],
            ),
            (r"curl C:\x\ ^&", vec!["curl", r"C:\x\", "&"]),
            ("curl -d ^\"a^\n\nb^\"", vec!["curl", "-d", "a\nb"]),
        ] {
            assert_eq!(
                words(text).unwrap(),
                (expected.iter().map(|w| (*w).to_owned()).collect(), true),
                "{text}"
            );
        }
        let (first, is_all) = words("curl ^\"a^\" | findstr x").unwrap();
        assert_eq!((first.len(), is_all), (2, false));
        assert!(words("curl ^\"a").is_err());
    }

    #[test]
    fn a_shell_s_command_is_not_taken_for_one_of_windows() {
        assert!(is_meant("curl ^\"https://a.example^\""));
        assert!(is_meant("curl \"https://a.example\" ^\n -H \"a: b\""));
        assert!(!is_meant("curl 'https://a.example' \\\n -d '^\n' \\\n -v"));
        assert!(!is_meant("curl https://a.example -d '{\"re\":\"^\"}'"));
    }
}
