//! The words of the one command that is meant.

use std::collections::HashSet;

use super::{CurlError, Notes, cmd, refused, shell::Shell};

/// What people put before a command, and what stands there where it was copied from a terminal.
const BEFORE: [&str; 8] = ["$", "%", "sudo", "time", "env", "exec", "nohup", "command"];

/// The words after `curl`.
#[derive(Default)]
pub(super) struct Words {
    pub(super) words: Vec<String>,
    /// The variables that the shell would have put in. In the words they stand as they are written.
    pub(super) variables: HashSet<String>,
    /// What a here-document or a here-string gives it to read.
    pub(super) input: Option<String>,
}

impl Words {
    /// # Errors
    /// Where there is no call of curl, or its quotes do not close.
    pub(super) fn read(text: &str, notes: &mut Notes) -> Result<Self, CurlError> {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let text = without_fence(&text);
        if text.trim().is_empty() {
            return Err(refused("Paste a curl command."));
        }
        if cmd::is_meant(text) {
            let (words, is_all) = cmd::words(text)?;
            let words = arguments(words).ok_or_else(no_curl)?;
            if !is_all {
                notes.add("What follows the curl command was left out.");
            }
            return Ok(Self {
                words,
                ..Self::default()
            });
        }
        let mut shell = Shell::new(text);
        let mut is_first = true;
        while let Some(words) = shell.command()? {
            let Some(words) = arguments(words) else {
                is_first = false;
                continue;
            };
            if !is_first {
                notes.add("What stands before the curl command was left out.");
            }
            if !shell.rest().trim().is_empty() {
                notes.add("What follows the curl command was left out.");
            }
            shell.tell(notes);
            return Ok(Self {
                words,
                variables: shell.variables,
                input: shell.input,
            });
        }
        Err(no_curl())
    }
}

fn no_curl() -> CurlError {
    refused("There is no curl command in it: paste one that begins with curl.")
}

/// The words after `curl`; `None` where something else is called.
fn arguments(words: Vec<String>) -> Option<Vec<String>> {
    let mut words = words.into_iter();
    let program = words.find(|word| !BEFORE.contains(&word.as_str()) && !is_assignment(word))?;
    let program = program.rsplit(['/', '\\']).next()?.to_ascii_lowercase();
    matches!(program.as_str(), "curl" | "curl.exe").then(|| words.collect())
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// Without the lines that mark code in Markdown.
fn without_fence(text: &str) -> &str {
    let text = text.trim();
    match text
        .strip_prefix("```")
        .and_then(|rest| rest.split_once('\n'))
    {
        Some((_, code)) => code.trim_end().trim_end_matches("```"),
        None => text,
    }
}
