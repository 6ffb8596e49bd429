//! Who may have an account.

use domain::accounts::SignUpPolicy;

use super::{ConfigError, Sources};

#[derive(Debug, Clone)]
pub struct AccountsConfig {
    /// `TENGINE_SIGNUP`
    pub sign_up: SignUpPolicy,
}

impl AccountsConfig {
    pub(super) fn from(sources: &Sources) -> Result<Self, ConfigError> {
        Ok(Self {
            sign_up: sources.parsed("signup", str::parse, || SignUpPolicy::First)?,
        })
    }
}
