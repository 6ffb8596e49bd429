//! Why a mail was not sent, in words that name nobody.

use lettre::transport::smtp::Error as SmtpError;

/// A try that failed.
#[derive(Debug)]
pub(super) struct Failure {
    /// Without the address that it was for: it goes to the log and to the owner's page.
    pub(super) reason: String,
    /// Whether another try would fail alike.
    pub(super) is_final: bool,
}

impl Failure {
    pub(super) fn last(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            is_final: true,
        }
    }

    pub(super) fn of(error: &SmtpError, to: &str) -> Self {
        Self {
            reason: without_names(&error.to_string(), to),
            // Refused (RFC 5321 §4.2.1), or refused by us before it was said.
            is_final: error.is_permanent() || error.is_client(),
        }
    }
}

/// Servers repeat in their refusals whom a mail was for.
fn without_names(text: &str, to: &str) -> String {
    let local = to.rsplit_once('@').map_or(to, |(local, _)| local);
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words = words.filter(|word| !word.is_empty()).map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if word.contains('@') || bare.eq_ignore_ascii_case(local) {
            "(address)"
        } else {
            word
        }
    });
    let text = words.collect::<Vec<_>>().join(" ");
    text.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_nobody() {
        let said = "permanent error (550): 5.1.1 <Ada@example.com>: user \"ada\"\r\n unknown";
        assert_eq!(
            without_names(said, "ada@example.com"),
            "permanent error (550): 5.1.1 (address) user (address) unknown"
        );
    }
}
