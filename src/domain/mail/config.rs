//! The mail server as a URL, and who mail comes from.

use std::{fmt, net::IpAddr};

use lettre::message::Mailbox;
use percent_encoding::percent_decode_str;
use url::Url;

/// How the conversation with the server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Privacy {
    /// TLS from the first byte (RFC 8314 §3.3).
    Tls,
    /// STARTTLS (RFC 3207), and no mail where the server does not offer it.
    StartTls,
    /// To this machine, or where the configuration says so.
    Plain,
}

/// A mail server and a sender.
#[derive(Clone, PartialEq, Eq)]
pub struct MailConfig {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) privacy: Privacy,
    /// User and password.
    pub(super) credentials: Option<(String, String)>,
    pub(super) from: Mailbox,
}

impl fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("privacy", &self.privacy)
            .field("from", &self.from.to_string())
            .finish_non_exhaustive()
    }
}

impl MailConfig {
    /// `smtps://user:password@host:465` (TLS from the first byte), `smtp://host:587?tls=required`
    /// (STARTTLS), `smtp://127.0.0.1:1025` (plain, to this machine) or `smtp://host:25?tls=none`
    /// (plain, to another one). `from` is an address, or a name with one:
    /// `TengineAI <tengine@example.com>`.
    ///
    /// # Errors
    /// A sentence that names the mend, and never repeats the URL, which holds a password.
    pub fn parse(url: &str, from: &str) -> Result<Self, String> {
        let url = Url::parse(url.trim()).map_err(|why| format!("this is no URL: {why}"))?;
        let host = host(&url)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err("write nothing behind the host and port but ?tls=…".to_owned());
        }
        let is_loopback = host == "localhost"
            || host
                .parse()
                .is_ok_and(|address: IpAddr| address.is_loopback());
        let privacy = privacy(&url, is_loopback)?;
        let credentials = credentials(&url)?;
        if credentials.is_some() && privacy == Privacy::Plain && !is_loopback {
            return Err(
                "the password would travel in the clear: use smtps:// or ?tls=required".to_owned(),
            );
        }
        let port = url.port().unwrap_or(match privacy {
            Privacy::Tls => 465,
            Privacy::StartTls | Privacy::Plain => 587,
        });
        if port == 0 {
            return Err("no server listens on port 0".to_owned());
        }
        Ok(Self {
            host,
            port,
            privacy,
            credentials,
            from: sender(from)?,
        })
    }

    /// `host:port`
    pub(super) fn server(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

fn host(url: &Url) -> Result<String, String> {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_address = host.parse::<IpAddr>().is_ok();
    let is_name = !host.is_empty()
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if is_address || is_name {
        Ok(host.to_owned())
    } else {
        Err("name the mail server: smtps://user:password@mail.example.com".to_owned())
    }
}

fn privacy(url: &Url, is_loopback: bool) -> Result<Privacy, String> {
    let mut tls = None;
    for (name, value) in url.query_pairs() {
        if name != "tls" || tls.is_some() {
            return Err("the only option is tls, once".to_owned());
        }
        tls = Some(value);
    }
    match (url.scheme(), tls.as_deref()) {
        ("smtps", None | Some("required")) => Ok(Privacy::Tls),
        ("smtps", Some(_)) => Err("smtps:// is TLS from the first byte: leave tls out".to_owned()),
        ("smtp", Some("required")) => Ok(Privacy::StartTls),
        ("smtp", Some("none")) => Ok(Privacy::Plain),
        ("smtp", None) if is_loopback => Ok(Privacy::Plain),
        ("smtp", None) => Err(
            "smtp:// to another machine needs ?tls=required (STARTTLS), or ?tls=none where \
             nobody else can listen in between"
                .to_owned(),
        ),
        ("smtp", Some(_)) => Err("use ?tls=required or ?tls=none".to_owned()),
        _ => Err("use smtps:// or smtp://".to_owned()),
    }
}

fn credentials(url: &Url) -> Result<Option<(String, String)>, String> {
    let decoded = |text: &str| {
        percent_decode_str(text)
            .decode_utf8()
            .map(|text| text.into_owned())
            .map_err(|_| "user and password must be UTF-8 once they are decoded".to_owned())
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (user, Some(password)) if !user.is_empty() && !password.is_empty() => {
            Ok(Some((decoded(user)?, decoded(password)?)))
        }
        _ => Err("write both user and password before the @, or neither".to_owned()),
    }
}

fn sender(from: &str) -> Result<Mailbox, String> {
    let is_one_line = !from.chars().any(char::is_control);
    from.trim()
        .parse()
        .ok()
        .filter(|_| is_one_line)
        .ok_or_else(|| {
            "the sender must be an address, like TengineAI <tengine@example.com>".to_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: &str = "TengineAI <tengine@example.com>";

    #[test]
    fn a_url_says_where_and_how_privately() {
        for (url, server, privacy) in [
            (
                "smtps://mail.example.com",
                "mail.example.com:465",
                Privacy::Tls,
            ),
            (
                "smtps://u:p@Mail.example.com:4650/",
                "mail.example.com:4650",
                Privacy::Tls,
            ),
            (
                "smtp://u:p@mail.example.com?tls=required",
                "mail.example.com:587",
                Privacy::StartTls,
            ),
            ("smtp://127.0.0.1:1025", "127.0.0.1:1025", Privacy::Plain),
            (
                "smtp://u:p@localhost:1025",
                "localhost:1025",
                Privacy::Plain,
            ),
            ("smtp://[::1]:1025", "[::1]:1025", Privacy::Plain),
            ("smtp://relay:25?tls=none", "relay:25", Privacy::Plain),
        ] {
            let config = MailConfig::parse(url, FROM).unwrap();
            assert_eq!(
                (config.server().as_str(), config.privacy),
                (server, privacy),
                "{url}"
            );
        }
        let config = MailConfig::parse("smtps://ada%40example.com:p%3Aw@h", FROM).unwrap();
        let credentials = ("ada@example.com".to_owned(), "p:w".to_owned());
        assert_eq!(config.credentials, Some(credentials));
    }

    #[test]
    fn a_wrong_one_is_refused_with_its_mend_and_without_its_password() {
        for (url, mend) in [
            ("", "no URL"),
            ("mail.example.com", "no URL"),
            ("https://u:hunter2@mail.example.com", "smtps://"),
            ("smtps://", "name the mail server"),
            ("smtps://u:hunter2@", ""),
            ("smtp://mail.example.com:587", "?tls=required"),
            ("smtp://127.0.0.1.example.com:25", "?tls=required"),
            ("smtp://u:hunter2@mail.example.com?tls=none", "in the clear"),
            (
                "smtp://u:hunter2@mail.example.com?tls=opportunistic",
                "?tls=required or ?tls=none",
            ),
            (
                "smtps://u:hunter2@mail.example.com?tls=none",
                "leave tls out",
            ),
            ("smtps://mail.example.com?timeout=1", "the only option"),
            ("smtps://u:hunter2@mail.example.com/path", "nothing behind"),
            ("smtps://u@mail.example.com", "both user and password"),
            (
                "smtps://:hunter2@mail.example.com",
                "both user and password",
            ),
            ("smtps://u:hunter2@mail.example.com:0", "port 0"),
            ("smtps://u:%ff@mail.example.com", "UTF-8"),
            ("smtps://ma%0d%0ail.example.com", "name the mail server"),
        ] {
            let refused = MailConfig::parse(url, FROM).unwrap_err();
            assert!(refused.contains(mend), "{url}: {refused}");
            assert!(!refused.contains("hunter2"), "{refused}");
        }
        for from in [
            "",
            "TengineAI",
            "a@b@c",
            "A <a@example.com>\r\nBcc: all@example.com",
        ] {
            let refused = MailConfig::parse("smtps://h", from).unwrap_err();
            assert!(refused.contains("the sender"), "{from}: {refused}");
        }
        let config = MailConfig::parse("smtps://u:hunter2@h", FROM).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
