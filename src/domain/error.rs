//! What can go wrong in a management service. Knows no HTTP: each edge maps these once, in one
//! exhaustive match. The protocol rooms (`grants`, `execute`) have errors of their own beside it.

use std::{fmt, sync::Arc};

use crate::db::DbError;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A field that breaks a rule: which one, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's public name, with a path where it is nested (`tools[2].input_schema`).
    pub field: String,
    /// A sentence that names the rule.
    pub message: String,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.message)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Input that breaks rules; every broken one is listed.
    #[error("{}", list(.0))]
    Invalid(Vec<FieldError>),
    /// Something else has this value already.
    #[error("{0}")]
    Conflict(FieldError),
    /// It does not exist, or this actor may not know that it does. Names the kind.
    #[error("There is no such {0}.")]
    NotFound(&'static str),
    /// The actor is known and may not do this. Says who may.
    #[error("{0}")]
    Forbidden(String),
    /// The act needs a proof of who asks that is younger than the session's.
    #[error("Confirm that it is you: this needs a fresh proof of who you are.")]
    ProofNeeded,
    /// The project or the instance is open only to accounts with a second factor.
    #[error("{0} asks for a second factor. Add a passkey or an authenticator app to your account.")]
    SecondFactorNeeded(&'static str),
    /// Email and password do not belong together, or the account is disabled.
    #[error("This email and password do not match an account.")]
    WrongCredentials,
    /// Too many tries.
    #[error("Too many tries. Try again in {retry_after_seconds} s.")]
    Throttled { retry_after_seconds: u64 },
    /// So much of something that others or the instance would suffer from. A sentence says of what.
    #[error("{what} Try again in {}.", span(*.retry_after_seconds))]
    LimitReached {
        what: &'static str,
        retry_after_seconds: u64,
    },
    /// A row that breaks a rule of ours: a bug or a changed database.
    #[error("a stored {what} is corrupt: {why}")]
    Corrupt { what: &'static str, why: String },
    #[error(transparent)]
    Database(Arc<DbError>),
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error {
            // Deleted by someone else in between.
            DbError::ForeignKey(_) => Self::NotFound("project or integration any more"),
            DbError::Text(_) => Self::invalid("", "Leave out NUL characters."),
            other => Self::Database(Arc::new(other)),
        }
    }
}

/// Of a commit that several waited for.
impl From<Arc<DbError>> for Error {
    fn from(error: Arc<DbError>) -> Self {
        Self::Database(error)
    }
}

impl Error {
    /// One field, one rule.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError {
            field: field.into(),
            message: message.into(),
        }])
    }

    pub fn conflict(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Conflict(FieldError {
            field: field.into(),
            message: message.into(),
        })
    }

    /// The same error under another field's name: a project's `name` is what a command calls
    /// `project`.
    #[must_use]
    pub fn renamed(self, from: &str, to: &str) -> Self {
        let rename = |mut error: FieldError| {
            if error.field == from {
                to.clone_into(&mut error.field);
            }
            error
        };
        match self {
            Self::Invalid(fields) => Self::Invalid(fields.into_iter().map(rename).collect()),
            Self::Conflict(field) => Self::Conflict(rename(field)),
            other => other,
        }
    }

    pub(crate) fn corrupt(what: &'static str, why: impl fmt::Display) -> Self {
        Self::Corrupt {
            what,
            why: why.to_string(),
        }
    }
}

/// For people: `40 s`, `5 minutes`, rounded up.
fn span(seconds: u64) -> String {
    match seconds {
        0..=99 => format!("{seconds} s"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

fn list(errors: &[FieldError]) -> String {
    errors
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Collects every broken rule of an input, so that one answer names them all.
#[derive(Debug, Default)]
pub struct Rules(Vec<FieldError>);

impl Rules {
    /// Notes `message` under `field` unless `holds`.
    pub fn check(&mut self, holds: bool, field: &str, message: impl Into<String>) {
        if !holds {
            self.0.push(FieldError {
                field: field.to_owned(),
                message: message.into(),
            });
        }
    }

    /// The value, or its default with the error noted.
    pub fn take<T: Default>(&mut self, result: Result<T, FieldError>) -> T {
        result.unwrap_or_else(|error| {
            self.0.push(error);
            T::default()
        })
    }

    pub fn extend(&mut self, errors: Vec<FieldError>) {
        self.0.extend(errors);
    }

    #[must_use]
    pub fn into_errors(self) -> Vec<FieldError> {
        self.0
    }

    /// # Errors
    /// [`Error::Invalid`] with all that was noted.
    pub fn finish(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.0))
        }
    }
}

/// Marks that turn the text around them (Unicode's `Bidi_Control`): what stands beside a name would
/// be read in another order than it is written.
const fn turns_text(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name that people give: 1 to `most` characters after trimming, none of them one that controls or
/// turns the text around it.
///
/// # Errors
/// [`Error::Invalid`] under `field`.
pub fn checked_name(field: &str, text: &str, most: usize) -> Result<String> {
    let name = text.trim();
    let length = name.chars().count();
    if length == 0 {
        return Err(Error::invalid(field, "Give it a name."));
    }
    if length > most {
        return Err(Error::invalid(
            field,
            format!("Use at most {most} characters."),
        ));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid(field, "Leave out control characters."));
    }
    if name.chars().any(turns_text) {
        return Err(Error::invalid(
            field,
            "Leave out the marks that turn the direction of text (U+202E and its like).",
        ));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_turn_the_text_around_it() {
        assert_eq!(
            checked_name("name", " Söhne & Töchter 👩‍🔬 ", 60).unwrap(),
            "Söhne & Töchter 👩‍🔬"
        );
        for turned in ["CRM\u{202e}", "\u{2066}CRM", "C\u{200f}RM", "a\nb"] {
            assert!(checked_name("name", turned, 60).is_err(), "{turned:?}");
        }
    }
}
