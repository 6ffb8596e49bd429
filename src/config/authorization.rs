//! The authorization server: how long things live, and who may introduce themselves.

use domain::grants::Lifetimes;

use super::{ConfigError, Sources, switch, within};

const DAY: i64 = 86_400;

#[derive(Debug, Clone, Copy)]
pub struct AuthorizationConfig {
    /// `TENGINE_CODE_TTL`, `TENGINE_ACCESS_TOKEN_TTL`, `TENGINE_REFRESH_GRACE`,
    /// `TENGINE_REFRESH_IDLE`, `TENGINE_REFRESH_MAX`; seconds.
    pub lifetimes: Lifetimes,
    /// `TENGINE_DYNAMIC_REGISTRATION`; `None`: an owner of the instance decides.
    pub dynamic_registration: Option<bool>,
    /// `TENGINE_CLIENT_METADATA_DOCUMENTS`; the same.
    pub client_metadata_documents: Option<bool>,
}

impl AuthorizationConfig {
    pub(super) fn from(sources: &Sources) -> Result<Self, ConfigError> {
        let default = Lifetimes::default();
        let seconds = |key, least, most, default| {
            sources.parsed(key, |text| within(text, least, most), || default)
        };
        let lifetimes = Lifetimes {
            code: seconds("code_ttl", 1, 600, default.code)?,
            access_token: seconds("access_token_ttl", 1, DAY, default.access_token)?,
            refresh_grace: sources.parsed(
                "refresh_grace",
                |text| within(text, 0, 30 * DAY).map(Some),
                || default.refresh_grace,
            )?,
            refresh_idle: seconds("refresh_idle", 1, 3_650 * DAY, default.refresh_idle)?,
            refresh_max: seconds("refresh_max", 1, 3_650 * DAY, default.refresh_max)?,
        };
        Ok(Self {
            lifetimes,
            dynamic_registration: sources.optional("dynamic_registration", switch)?,
            client_metadata_documents: sources.optional("client_metadata_documents", switch)?,
        })
    }
}
