//! Lists that people look through: the words by which rows are found, and the page of them that is
//! shown. What is found is counted and cut by the database, which sends no more than a page.
//!
//! Programs read lists to their end by cursors instead; those are the REST API's.

use sqlx::{Database, Encode, FromRow, Type, query::QueryAs};

use crate::{Error, Result};

/// Rows of a page.
pub const ROWS: usize = 50;
/// Characters of what is looked for.
pub const LONGEST: usize = 100;
/// Words of it: each is looked for in every row.
const MOST_WORDS: usize = 8;

/// Words that a row holds, each of them somewhere, in capitals or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// In small letters.
    words: Vec<String>,
    /// Capitals that no database is sure to make small, each with its small letter.
    capitals: Vec<(String, String)>,
}

impl Words {
    /// # Errors
    /// [`Error::Invalid`] for `text`, where it is too long or holds what no name does.
    pub fn parse(text: &str) -> Result<Self> {
        if text.chars().count() > LONGEST {
            let message = format!("Look for at most {LONGEST} characters.");
            return Err(Error::invalid("text", message));
        }
        let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        if words.len() > MOST_WORDS {
            let message = format!("Look for at most {MOST_WORDS} words.");
            return Err(Error::invalid("text", message));
        }
        if words.iter().any(|word| word.contains(char::is_control)) {
            let message = "Leave out control characters.";
            return Err(Error::invalid("text", message));
        }
        let mut capitals: Vec<_> = words
            .iter()
            .flat_map(|word| word.chars())
            .filter(|letter| !letter.is_ascii())
            .map(|letter| (letter.to_uppercase().to_string(), letter.to_string()))
            // A letter like ß has a capital of two.
            .filter(|(capital, small)| capital != small && capital.chars().count() == 1)
            .collect();
        capitals.sort_unstable();
        capitals.dedup();
        Ok(Self { words, capitals })
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether a text that is at hand holds every word.
    #[must_use]
    pub fn are_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.words.iter().all(|word| text.contains(word))
    }

    /// The condition that an SQL text holds every word. Its places are [`Words::places`], from this
    /// number on.
    pub(crate) fn condition(&self, text: &str, first: usize) -> String {
        // SQLite makes only a to z small, and PostgreSQL what its locale knows.
        let mut small = format!("lower({text})");
        let mut place = first;
        for _ in &self.capitals {
            small = format!("replace({small}, ${place}, ${})", place + 1);
            place += 2;
        }
        let words = (place..place + self.words.len())
            .map(|place| format!("{small} LIKE ${place} ESCAPE '\\'"))
            .collect::<Vec<_>>();
        match words.is_empty() {
            true => "TRUE".to_owned(),
            false => words.join(" AND "),
        }
    }

    pub(crate) fn places(&self) -> Vec<String> {
        let capitals = self.capitals.iter();
        capitals
            .flat_map(|(capital, small)| [capital.clone(), small.clone()])
            .chain(self.words.iter().map(|word| pattern(word)))
            .collect()
    }
}

/// A query with [`Words::places`] after what is bound already.
pub(crate) fn bound<'q, DB, O>(
    query: QueryAs<'q, DB, O, DB::Arguments<'q>>,
    places: &'q [String],
) -> QueryAs<'q, DB, O, DB::Arguments<'q>>
where
    DB: Database,
    &'q str: Encode<'q, DB> + Type<DB>,
{
    let places = places.iter().map(String::as_str);
    places.fold(query, QueryAs::bind)
}

/// For LIKE, with a backslash that escapes: what holds this text, whatever that is.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// How many rows a list has, and how many of them are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub(crate) struct Counts {
    pub(crate) total: i64,
    pub(crate) found: i64,
}

impl Counts {
    /// The SQL that counts them, and `besides` what else it counts. `from` goes on after FROM and says which
    /// rows the list has.
    pub(crate) fn sql(besides: &[&str], from: &str, condition: &str) -> String {
        let mut sql =
            format!("SELECT COUNT(*) AS total, COUNT(CASE WHEN {condition} THEN 1 END) AS found");
        for besides in besides {
            sql.push_str(", ");
            sql.push_str(besides);
        }
        format!("{sql} FROM {from}")
    }

    /// The page of this number, from 1; the last one, where there are not so many.
    pub(crate) fn page(self, number: usize) -> Page {
        let found = usize::try_from(self.found).unwrap_or_default();
        let number = number.clamp(1, found.div_ceil(ROWS).max(1));
        Page {
            number,
            found,
            total: usize::try_from(self.total).unwrap_or_default(),
        }
    }
}

/// A page of what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    number: usize,
    found: usize,
    total: usize,
}

impl Page {
    /// Rows before it.
    pub(crate) fn offset(self) -> i64 {
        i64::try_from((self.number - 1) * ROWS).unwrap_or(i64::MAX)
    }

    pub(crate) fn of<T>(self, rows: Vec<T>) -> Listed<T> {
        Listed {
            rows,
            page: self.number,
            found: self.found,
            total: self.total,
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<T> {
    pub rows: Vec<T>,
    /// From 1; the last one, where a later one was asked for.
    pub page: usize,
    /// How many rows were found.
    pub found: usize,
    /// How many the list has.
    pub total: usize,
}

impl<T> Listed<T> {
    /// The same with each row as somebody else sees it.
    #[must_use]
    pub fn map<U>(self, view: impl FnMut(T) -> U) -> Listed<U> {
        Listed {
            rows: self.rows.into_iter().map(view).collect(),
            page: self.page,
            found: self.found,
            total: self.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_text_and_nothing_else() {
        let words = Words::parse("  50% A_b \\ ").unwrap();
        assert_eq!(words.places(), ["%50\\%%", "%a\\_b%", "%\\\\%"]);
        assert_eq!(
            words.condition("name", 3),
            "lower(name) LIKE $3 ESCAPE '\\' AND lower(name) LIKE $4 ESCAPE '\\' \
             AND lower(name) LIKE $5 ESCAPE '\\'"
        );
        assert_eq!(Words::parse(" ").unwrap().condition("name", 1), "TRUE");
        for wrong in ["a\0", &"ä".repeat(LONGEST + 1), "a b c d e f g h i"] {
            assert!(
                matches!(Words::parse(wrong), Err(Error::Invalid(_))),
                "{wrong:?}"
            );
        }
        assert!(Words::parse(&"ä".repeat(LONGEST)).is_ok());
    }

    #[test]
    fn a_text_at_hand_holds_every_word_in_any_case() {
        let holds = |words: &str| {
            Words::parse(words)
                .unwrap()
                .are_in("crm-contacts-get\nFind a Ärzte")
        };
        for words in ["", "CRM", "ärzte find", "crm-contacts", "a"] {
            assert!(holds(words), "{words}");
        }
        for words in ["crm orders", "%", "getfind"] {
            assert!(!holds(words), "{words}");
        }
    }

    #[test]
    fn capitals_that_no_database_knows_are_made_small() {
        let words = Words::parse("ÄRÄ straße").unwrap();
        assert_eq!(words.places(), ["Ä", "ä", "%ärä%", "%straße%"]);
        assert!(
            words
                .condition("name", 1)
                .starts_with("replace(lower(name), $1, $2) LIKE $3 ")
        );
    }

    #[test]
    fn a_page_behind_the_last_is_the_last() {
        let page = |found, number| Counts { total: 200, found }.page(number);
        assert_eq!(page(101, 2).offset(), 50);
        assert_eq!(page(100, 7).number, 2);
        assert_eq!(page(0, usize::MAX).offset(), 0);
        assert_eq!(page(60, 0).number, 1);
    }
}
