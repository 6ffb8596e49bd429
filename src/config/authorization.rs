//! The authorization server: how long things live, and who may introduce themselves.

use domain::{clients::SelfRegistration, grants::Lifetimes};

use super::{ConfigError, Sources};

const DAY: i64 = 86_400;

#[derive(Debug, Clone, Copy)]
pub struct AuthorizationConfig {
    /// `TENGINE_CODE_TTL`, `TENGINE_ACCESS_TOKEN_TTL`, `TENGINE_REFRESH_GRACE`,
    /// `TENGINE_REFRESH_IDLE`, `TENGINE_REFRESH_MAX`; seconds.
    pub lifetimes: Lifetimes,
    /// `TENGINE_DYNAMIC_REGISTRATION`, `TENGINE_CLIENT_METADATA_DOCUMENTS`
    pub self_registration: SelfRegistration,
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
            self_registration: SelfRegistration {
                dynamic: sources.parsed("dynamic_registration", switch, || true)?,
                metadata_documents: sources.parsed("client_metadata_documents", switch, || true)?,
            },
        })
    }
}

fn within(text: &str, least: i64, most: i64) -> Result<i64, String> {
    text.parse()
        .ok()
        .filter(|seconds| (least..=most).contains(seconds))
        .ok_or_else(|| format!("use {least} to {most} seconds"))
}

fn switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("use on or off".to_owned()),
    }
}
