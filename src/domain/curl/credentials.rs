//! Finds the credential of a command: one becomes the tool's secret, none stays anywhere else.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Notes, secret::looks_like_secret, stand_in::StandIns};
use crate::tools::{AuthConfig, AuthStrategy};

/// Bytes (see `tools::rules`).
const LONGEST_SECRET: usize = 4_096;
const LONGEST_NAME: usize = 255;
const NO_NAME: &str = "Give the user name in auth_config.username.";
/// Shorter ones are found everywhere by chance.
const SHORTEST: usize = 6;

/// How the tool proves who it is.
#[derive(Default)]
pub(super) struct Auth {
    pub(super) strategy: AuthStrategy,
    pub(super) config: AuthConfig,
    pub(super) secret: Option<String>,
}

/// What was found, the first of which counts.
pub(super) struct Credentials<'a> {
    stand_ins: &'a StandIns,
    kept: Option<Auth>,
    secrets: Vec<String>,
}

impl<'a> Credentials<'a> {
    pub(super) fn new(stand_ins: &'a StandIns) -> Self {
        Self {
            stand_ins,
            kept: None,
            secrets: Vec::new(),
        }
    }

    /// What was kept, and every text that nothing else may repeat.
    pub(super) fn finish(self, notes: &mut Notes) -> (Auth, Vec<String>) {
        if self.kept.is_none() {
            notes.add(
                "The command shows no credential: choose an auth_strategy if the API needs one.",
            );
        }
        (self.kept.unwrap_or_default(), self.secrets)
    }

    pub(super) fn hides(&self, text: &str) -> bool {
        self.stand_ins.hides(text)
    }

    /// The value of a header `Authorization` (RFC 9110 §11.6.2).
    pub(super) fn offer_authorization(&mut self, value: &str, notes: &mut Notes) {
        const PLACE: &str = "The header Authorization";
        let (scheme, rest) = value.split_once(' ').unwrap_or(("", value));
        let rest = rest.trim();
        match scheme.to_ascii_lowercase().as_str() {
            "bearer" => self.offer_bearer(PLACE, rest, notes),
            "basic" => match name_and_password(rest) {
                Some((name, password)) => {
                    self.remember(rest);
                    self.offer_basic(PLACE, &name, Some(&password), notes);
                }
                None if self.hides(rest) => {
                    let (strategy, config) = (AuthStrategy::Basic, AuthConfig::default());
                    self.offer(PLACE, strategy, config, None, notes);
                    notes.add(NO_NAME);
                }
                None => self.offer_header("Authorization", value, notes),
            },
            "digest" | "negotiate" | "ntlm" | "oauth" | "hawk" | "signature"
            | "aws4-hmac-sha256" => {
                self.remember(rest);
                notes.add("The header Authorization was made for this one request, and was left out: tools do not do its scheme.");
            }
            _ => {
                self.remember(rest);
                self.offer_header("Authorization", value, notes);
            }
        }
    }

    pub(super) fn offer_bearer(&mut self, place: &str, token: &str, notes: &mut Notes) {
        let (strategy, config) = (AuthStrategy::StaticBearer, AuthConfig::default());
        self.offer(place, strategy, config, Some(token), notes);
    }

    /// A name with its password, if there is one.
    pub(super) fn offer_basic(
        &mut self,
        place: &str,
        name: &str,
        password: Option<&str>,
        notes: &mut Notes,
    ) {
        let is_key = match password {
            Some(password) => is_filler(password) || !is_user_name(name),
            None => looks_like_secret(name) || !is_user_name(name),
        };
        if is_key {
            // Whoever reads the tool's settings would read the name.
            let filler = password.unwrap_or_default();
            self.remember(name);
            self.remember(filler);
            let value = format!("Basic {}", STANDARD.encode(format!("{name}:{filler}")));
            let shown = !self.hides(name) || (name.is_empty() && !self.hides(filler));
            let config = AuthConfig {
                header: Some("Authorization".to_owned()),
                ..AuthConfig::default()
            };
            let secret = shown.then_some(value.as_str());
            self.offer(place, AuthStrategy::ApiKeyHeader, config, secret, notes);
            notes.add(
                "The API takes its key as the name of Basic authentication: the secret is the \
                 whole value of Authorization, which is Basic and the base64 of the key with its \
                 colon.",
            );
            return;
        }
        let username = Some(name).filter(|name| self.stand_ins.name(name).is_none());
        let username = username.map(str::to_owned);
        if username.is_none() {
            notes.add(NO_NAME);
        }
        let config = AuthConfig {
            username,
            ..AuthConfig::default()
        };
        self.offer(place, AuthStrategy::Basic, config, password, notes);
    }

    pub(super) fn offer_header(&mut self, name: &str, value: &str, notes: &mut Notes) {
        if name.len() > LONGEST_NAME {
            self.remember(value);
            notes.add("A header with a very long name was left out.");
            return;
        }
        let config = AuthConfig {
            header: Some(name.to_owned()),
            ..AuthConfig::default()
        };
        let place = format!("The header {name}");
        if let Some((scheme, rest)) = value.split_once(' ')
            && self.hides(rest.trim())
            && self.kept.is_none()
            && scheme.len() <= 20
            && scheme.bytes().all(|byte| byte.is_ascii_alphabetic())
        {
            notes.add(format!(
                "{place} begins with {scheme} and a space, which belong to the secret."
            ));
        }
        self.offer(
            &place,
            AuthStrategy::ApiKeyHeader,
            config,
            Some(value),
            notes,
        );
    }

    pub(super) fn offer_parameter(&mut self, name: &str, value: &str, notes: &mut Notes) {
        if name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
            self.remember(value);
            notes.add("A query parameter whose name cannot be kept was left out.");
            return;
        }
        let config = AuthConfig {
            parameter: Some(name.to_owned()),
            ..AuthConfig::default()
        };
        let place = format!("The query parameter {name}");
        self.offer(
            &place,
            AuthStrategy::ApiKeyQuery,
            config,
            Some(value),
            notes,
        );
    }

    /// No example and no template may repeat it.
    fn remember(&mut self, secret: &str) {
        if secret.len() >= SHORTEST && !self.hides(secret) {
            self.secrets.push(secret.to_owned());
        }
    }

    fn offer(
        &mut self,
        place: &str,
        strategy: AuthStrategy,
        config: AuthConfig,
        secret: Option<&str>,
        notes: &mut Notes,
    ) {
        let secret = secret.map(str::trim).unwrap_or_default();
        self.remember(secret);
        if self.kept.is_some() {
            notes.add(format!(
                "{place} is one more credential and was left out: a tool has one."
            ));
            return;
        }
        let is_shown = !secret.is_empty() && !self.hides(secret);
        let fits = secret.len() <= LONGEST_SECRET && !secret.chars().any(char::is_control);
        notes.add(match (is_shown, fits) {
            (true, true) => format!("{place} is the tool's credential: {strategy}, with its secret."),
            (true, false) => format!("{place} has more than {LONGEST_SECRET} bytes or several lines: give a secret of one line."),
            (false, _) => format!("{place} is the tool's credential: {strategy}. The command does not show it: give the secret."),
        });
        self.kept = Some(Auth {
            strategy,
            config,
            secret: (is_shown && fits).then(|| secret.to_owned()),
        });
    }
}

/// RFC 7617 §2.
fn name_and_password(encoded: &str) -> Option<(String, String)> {
    let pair = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (name, password) = pair.split_once(':')?;
    let is_plain = !pair.chars().any(char::is_control);
    is_plain.then(|| (name.to_owned(), password.to_owned()))
}

/// Whether it can stand before the colon of Basic authentication.
fn is_user_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len()) && !name.chars().any(|c| c.is_control() || c == ':')
}

/// What APIs ask for as the password where the name is the key.
fn is_filler(password: &str) -> bool {
    password.len() <= 1 || matches!(password, "api_token" | "unused" | "ignored" | "nopass")
}
