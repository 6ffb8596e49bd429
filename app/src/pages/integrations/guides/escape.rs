//! Values written into other languages, each escaped as that language asks.

use base64::{Engine, engine::general_purpose::STANDARD};

/// A string literal of JSON (RFC 8259 §7).
pub fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// One word of a POSIX shell, also for PowerShell: in single quotes where it needs any.
pub fn shell(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A basic string of TOML 1.0. What JSON escapes, it escapes in the same way; and DEL besides.
pub fn toml(text: &str) -> String {
    json(text).replace('\u{7f}', "\\u007F")
}

/// A part of a URL's query: all but the unreserved characters (RFC 3986 §2.3) percent-encoded.
pub fn in_query(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Base64 with padding (RFC 4648 §4).
pub fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a'b\"c\\d$(e)`f`\n&g;</code>\u{7f}";

    #[test]
    fn json_reads_back_and_stays_on_its_line() {
        let written = json(HOSTILE);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), HOSTILE);
        assert!(!written.contains('\n'));
    }

    #[test]
    fn a_shell_word_is_one_word() {
        assert_eq!(
            shell("https://a.example:8443/mcp/"),
            "https://a.example:8443/mcp/"
        );
        assert_eq!(shell("tng_ci_aB-3"), "tng_ci_aB-3");
        assert_eq!(shell(""), "''");
        assert_eq!(shell("a b"), "'a b'");
        assert_eq!(shell("it's $(rm)"), r"'it'\''s $(rm)'");
        assert_eq!(shell("~"), "'~'");
        let said = std::process::Command::new("sh")
            .args(["-c", &format!("printf %s {}", shell(HOSTILE))])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8(said.stdout).unwrap(), HOSTILE);
    }

    #[test]
    fn a_toml_string_ends_where_it_ends() {
        assert_eq!(toml("a\"b\\c\nd\u{7f}"), r#""a\"b\\c\nd\u007F""#);
    }

    #[test]
    fn nothing_gets_out_of_a_query() {
        assert_eq!(
            in_query("https://a.example/mcp/"),
            "https%3A%2F%2Fa.example%2Fmcp%2F"
        );
        assert_eq!(
            in_query("{\"a\":1}&b=ä#"),
            "%7B%22a%22%3A1%7D%26b%3D%C3%A4%23"
        );
    }

    #[test]
    fn base64_has_its_padding() {
        assert_eq!(base64("{\"url\":\"a\"}"), "eyJ1cmwiOiJhIn0=");
    }
}
