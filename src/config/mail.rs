//! The server that mail goes out by, if there is one.

use std::sync::Arc;

use domain::{
    clock::{SystemClock, SystemRandom},
    mail::{MailConfig, Mailer},
};

use super::{ConfigError, Sources};

#[derive(Debug, Clone)]
pub struct MailSettings {
    /// `TENGINE_SMTP_URL` (or `…_FILE`: it may hold a password) and `TENGINE_MAIL_FROM`.
    config: Option<MailConfig>,
}

impl MailSettings {
    pub(super) fn from(sources: &Sources) -> Result<Self, ConfigError> {
        let url = sources.secret("smtp_url")?;
        let from = sources.get("mail_from")?;
        let config = match (url, from) {
            (Some((name, url)), Some((_, from))) => {
                let config = MailConfig::parse(&url, &from);
                Some(config.map_err(|message| ConfigError { name, message })?)
            }
            (Some(_), None) => {
                return Err(ConfigError {
                    name: "TENGINE_MAIL_FROM".to_owned(),
                    message: "say who mail comes from, like \"TengineAI <tengine@example.com>\""
                        .to_owned(),
                });
            }
            (None, Some((name, _))) => {
                return Err(ConfigError {
                    name,
                    message: "TENGINE_SMTP_URL is missing: say by which server mail goes out"
                        .to_owned(),
                });
            }
            (None, None) => None,
        };
        Ok(Self { config })
    }

    /// # Errors
    /// Where TLS cannot be set up.
    pub fn mailer(&self) -> Result<Mailer, ConfigError> {
        match &self.config {
            None => Ok(Mailer::none()),
            Some(config) => {
                let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
                Mailer::new(config, clock, random).map_err(|message| ConfigError {
                    name: "TENGINE_SMTP_URL".to_owned(),
                    message,
                })
            }
        }
    }
}
