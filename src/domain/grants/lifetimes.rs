//! How long things live: settings of the instance, in seconds.

/// Seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// An authorization code, from the approval on.
    pub code: i64,
    pub access_token: i64,
    /// How long a used refresh token is tolerated while its successor is unused; `None`: 7 days for
    /// secret clients, a day for public ones.
    pub refresh_grace: Option<i64>,
    /// A refresh token that nobody uses.
    pub refresh_idle: i64,
    /// A connection, however much it is used, until somebody must approve again.
    pub refresh_max: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            code: 60,
            access_token: 3_600,
            refresh_grace: None,
            refresh_idle: 60 * 86_400,
            refresh_max: 365 * 86_400,
        }
    }
}

impl Lifetimes {
    #[must_use]
    pub fn grace(&self, is_public: bool) -> i64 {
        let default = if is_public { 86_400 } else { 7 * 86_400 };
        self.refresh_grace.unwrap_or(default)
    }

    /// How long a client that races itself gets the very same successor, and is not taken for a
    /// thief.
    #[must_use]
    pub fn race(&self, is_public: bool) -> i64 {
        self.grace(is_public).min(30)
    }
}
