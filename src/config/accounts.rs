//! Who may have an account, and how long people stay signed in.

use domain::{instance::FixedSettings, sessions::SessionLimits};

use super::{ConfigError, Sources, switch, within};

const DAY: i64 = 86_400;

#[derive(Debug, Clone)]
pub struct AccountsConfig {
    /// `TENGINE_SIGNUP`, `TENGINE_SIGNUP_DOMAINS`, `TENGINE_REQUIRE_SECOND_FACTOR`: what is set here
    /// the dashboard shows and does not change.
    pub fixed: FixedSettings,
    /// `TENGINE_SESSION_IDLE`, `TENGINE_SESSION_MAX`, `TENGINE_PROOF_MAX`; seconds.
    pub session_limits: SessionLimits,
}

impl AccountsConfig {
    pub(super) fn from(sources: &Sources) -> Result<Self, ConfigError> {
        let default = SessionLimits::default();
        let seconds = |key, least, most, default| {
            sources.parsed(key, |text| within(text, least, most), || default)
        };
        Ok(Self {
            fixed: FixedSettings {
                sign_up: sources.optional("signup", str::parse)?,
                sign_up_domains: sources.optional("signup_domains", FixedSettings::domains)?,
                require_second_factor: sources.optional("require_second_factor", switch)?,
                ..FixedSettings::default()
            },
            session_limits: SessionLimits {
                idle: seconds("session_idle", 60, 365 * DAY, default.idle)?,
                max: seconds("session_max", 60, 3_650 * DAY, default.max)?,
                proof: seconds("proof_max", 1, DAY, default.proof)?,
            },
        })
    }
}
