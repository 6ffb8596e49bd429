//! Words, as a shell makes them of a line (POSIX.1-2017, XCU 2.2 and 2.3; `$'…'` as in bash).
//! Variables and commands inside stay what they are: nothing is looked up or run.

use std::{collections::HashSet, mem};

use super::{
    CurlError, Notes,
    quotes::{after_parenthesis, ansi_c, unclosed, variable},
    refused, stand_in,
};

/// Stands for what a command would have written.
pub(super) const SUBSTITUTED: &str = "$(…)";
/// Bytes of a URL without quotes before its query.
const LONGEST_PATH: usize = 2_000;

/// Reads one command after the other.
pub(super) struct Shell<'a> {
    rest: &'a str,
    /// The word that is being read.
    word: Option<String>,
    words: Vec<String>,
    next: Next,
    delimiter: Option<String>,
    pub(super) variables: HashSet<String>,
    pub(super) input: Option<String>,
    redirects: bool,
    substitutes: bool,
    keeps_ampersand: bool,
}

/// What the next word is.
#[derive(Clone, Copy)]
enum Next {
    Word,
    /// A file that is read or written.
    File,
    /// What ends a here-document.
    Delimiter,
    Input,
}

impl<'a> Shell<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            word: None,
            words: Vec::new(),
            next: Next::Word,
            delimiter: None,
            variables: HashSet::new(),
            input: None,
            redirects: false,
            substitutes: false,
            keeps_ampersand: false,
        }
    }

    pub(super) fn rest(&self) -> &str {
        self.rest
    }

    pub(super) fn tell(&self, notes: &mut Notes) {
        if self.redirects {
            notes.add("Redirections (< and >) were left out.");
        }
        if self.substitutes {
            notes.add("A command inside the command ($(…) or backticks) was not run.");
        }
        if self.keeps_ampersand {
            notes.add(
                "The URL has an & outside quotes, where a shell would cut it: it was read on.",
            );
        }
    }

    /// The words of the next command that has any.
    ///
    /// # Errors
    /// Where a quote or a here-document is not closed.
    pub(super) fn command(&mut self) -> Result<Option<Vec<String>>, CurlError> {
        loop {
            self.input = None;
            let ends_line = self.read_on()?;
            self.end_word();
            if let Some(delimiter) = self.delimiter.take() {
                self.here_document(&delimiter, ends_line)?;
            }
            self.next = Next::Word;
            if !self.words.is_empty() {
                return Ok(Some(mem::take(&mut self.words)));
            }
            if self.rest.is_empty() {
                return Ok(None);
            }
        }
    }

    /// Reads to the end of a command; whether that is the end of its line.
    fn read_on(&mut self) -> Result<bool, CurlError> {
        while let Some(c) = self.bump() {
            match c {
                '\n' if self.words.is_empty() && self.word.is_none() => {}
                '\n' => return Ok(true),
                ';' | '|' => return Ok(false),
                '&' if self.is_in_url() => {
                    self.keeps_ampersand = true;
                    self.push(c);
                }
                '&' if self.rest.starts_with('>') => self.end_word(),
                '&' => return Ok(false),
                '<' | '>' => self.redirection(c),
                '#' if self.word.is_none() => {
                    let end = self.rest.find('\n').unwrap_or(self.rest.len());
                    self.rest = &self.rest[end..];
                }
                '\\' => self.escape(),
                '\'' => self.single('\'')?,
                // What word processors make of quotes.
                '‘' => self.single('’')?,
                '"' => self.double(&['"'])?,
                '“' | '”' => self.double(&['“', '”'])?,
                // So PowerShell continues a line.
                '`' if self.rest.starts_with('\n') => {
                    self.bump();
                    self.end_word();
                }
                '`' => self.backticks()?,
                '$' if self.take("'") => self.ansi_c()?,
                '$' if self.take("\"") => self.double(&['"'])?,
                '$' => self.dollar()?,
                c if c.is_whitespace() => self.end_word(),
                c => self.push(c),
            }
        }
        Ok(true)
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn push(&mut self, c: char) {
        self.word.get_or_insert_default().push(c);
    }

    fn push_str(&mut self, text: &str) {
        self.word.get_or_insert_default().push_str(text);
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        match mem::replace(&mut self.next, Next::Word) {
            Next::Word => self.words.push(word),
            Next::File => {}
            Next::Delimiter => self.delimiter = Some(word),
            Next::Input => self.input = Some(word),
        }
    }

    /// People write URLs without quotes and do not mean to cut them.
    fn is_in_url(&self) -> bool {
        let has_query = |word: &String| word.bytes().take(LONGEST_PATH).any(|byte| byte == b'?');
        let is_url = self.word.as_ref().is_some_and(has_query);
        let goes_on = |c: char| !c.is_whitespace() && c != '&';
        is_url && self.rest.starts_with(goes_on)
    }

    fn redirection(&mut self, first: char) {
        // `<token>` is what documentation says, and means no file.
        if first == '<'
            && let Some(inside) = stand_in::in_angles(self.rest)
        {
            self.rest = &self.rest[inside.len() + 1..];
            self.push_str(&format!("<{inside}>"));
            return;
        }
        self.redirects = true;
        // The number of what is redirected.
        if let Some(word) = &self.word
            && word.bytes().all(|byte| byte.is_ascii_digit())
        {
            self.word = None;
        }
        self.end_word();
        self.next = match first {
            '<' if self.take("<<") => Next::Input,
            '<' if self.take("<") => {
                self.take("-");
                Next::Delimiter
            }
            _ => {
                self.rest = self.rest.trim_start_matches(['<', '>', '&', '|']);
                Next::File
            }
        };
    }

    fn here_document(&mut self, delimiter: &str, ends_line: bool) -> Result<(), CurlError> {
        if !ends_line {
            let end = self.rest.find('\n').map_or(self.rest.len(), |end| end + 1);
            self.rest = &self.rest[end..];
        }
        let mut text = String::new();
        while !self.rest.is_empty() {
            let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            self.rest = rest;
            if line.trim() == delimiter {
                self.input = Some(text);
                return Ok(());
            }
            text.push_str(line);
            text.push('\n');
        }
        Err(refused(
            "The here-document (<<) has no end: copy the command as a whole.",
        ))
    }

    /// A backslash outside quotes.
    fn escape(&mut self) {
        let spaces = self.rest.trim_start_matches([' ', '\t']);
        if let Some(next_line) = spaces.strip_prefix('\n') {
            if spaces.len() < self.rest.len() {
                // Spaces were copied along, and the line was meant to go on.
                self.end_word();
            }
            self.rest = next_line;
            // So a terminal shows that it waits for more.
            if let Some(line) = next_line.trim_start_matches([' ', '\t']).strip_prefix("> ") {
                self.rest = line;
            }
        } else if let Some(c) = self.bump() {
            self.push(c);
        }
    }

    fn single(&mut self, close: char) -> Result<(), CurlError> {
        let (inside, rest) = self.rest.split_once(close).ok_or_else(unclosed)?;
        self.rest = rest;
        self.push_str(inside);
        Ok(())
    }

    fn double(&mut self, close: &[char]) -> Result<(), CurlError> {
        self.push_str("");
        loop {
            match self.bump().ok_or_else(unclosed)? {
                c if close.contains(&c) => return Ok(()),
                '\\' => match self.bump().ok_or_else(unclosed)? {
                    '\n' => {}
                    c @ ('$' | '`' | '"' | '\\') => self.push(c),
                    c => {
                        self.push('\\');
                        self.push(c);
                    }
                },
                '`' => self.backticks()?,
                '$' => self.dollar()?,
                c => self.push(c),
            }
        }
    }

    fn ansi_c(&mut self) -> Result<(), CurlError> {
        let (text, rest) = ansi_c(self.rest).ok_or_else(unclosed)?;
        self.rest = rest;
        self.push_str(&text);
        Ok(())
    }

    fn dollar(&mut self) -> Result<(), CurlError> {
        if self.take("(") {
            self.rest = after_parenthesis(self.rest).ok_or_else(unclosed)?;
            self.substitutes = true;
            self.push_str(SUBSTITUTED);
            return Ok(());
        }
        let (has_braces, rest) = match self.rest.strip_prefix('{') {
            Some(rest) => (true, rest),
            None => (false, self.rest),
        };
        let name = variable(rest);
        let after = &rest[name.len()..];
        // What stands in for one that is not set is left out.
        let after = if has_braces {
            after.split_once('}').map(|(_, after)| after)
        } else {
            Some(after)
        };
        match after {
            Some(after) if !name.is_empty() => {
                self.rest = after;
                self.push_str(&format!("${{{name}}}"));
                self.variables.insert(name.to_owned());
            }
            _ => self.push('$'),
        }
        Ok(())
    }

    fn backticks(&mut self) -> Result<(), CurlError> {
        loop {
            match self.bump().ok_or_else(unclosed)? {
                '`' => break,
                '\\' => drop(self.bump()),
                _ => {}
            }
        }
        self.substitutes = true;
        self.push_str(SUBSTITUTED);
        Ok(())
    }
}
