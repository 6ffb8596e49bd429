//! Every account of the instance, for its owners and for whoever holds the server.

pub(super) mod changes;
pub(super) mod store;

pub use changes::Disabled;
pub(crate) use store::{LockedAccount, lock_enabled, mark_verified};

use super::{Account, Accounts};
use crate::{Error, Result, clock::Timestamp, error::Rules, ids::UserId, instance::InstanceOwner};

/// Which accounts to list, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// A part of the email; `None` or empty: any.
    pub text: Option<String>,
    /// 1 to 1,001, which is one more than a page has at most: it tells whether there is another;
    /// `None`: 100.
    pub limit: Option<i64>,
    /// The account that the last page ended with.
    pub before: Option<UserId>,
}

/// An account as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    pub account: Account,
    pub has_password: bool,
    pub has_second_factor: bool,
    /// Projects that they are a member of.
    pub projects: i64,
    /// When a session of theirs was last used, as long as that is known.
    pub last_used_at: Option<Timestamp>,
}

impl Accounts {
    /// The accounts of the instance, without those that were deleted.
    ///
    /// # Errors
    /// [`Error::Invalid`] by field.
    pub async fn list(
        &self,
        _owner: &InstanceOwner,
        filter: &AccountFilter,
    ) -> Result<Vec<AccountRow>> {
        self.list_by_operator(filter).await
    }

    /// The same for the command line, whose user holds the database anyway.
    ///
    /// # Errors
    /// As [`Accounts::list`].
    pub async fn list_by_operator(&self, filter: &AccountFilter) -> Result<Vec<AccountRow>> {
        let mut rules = Rules::default();
        let text = filter.text.as_deref().unwrap_or_default().trim();
        let limit = filter.limit.unwrap_or(100);
        rules.check(
            text.len() <= 254,
            "text",
            "Use at most 254 characters: no email has more.",
        );
        rules.check((1..=1_001).contains(&limit), "limit", "Use 1 to 1000.");
        rules.finish()?;
        let before = filter.before.as_ref();
        store::list(&self.core.db, &pattern(text), limit, before).await
    }

    /// An account as the list shows it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn listed(&self, _owner: &InstanceOwner, user: &UserId) -> Result<AccountRow> {
        let found = store::listed(&self.core.db, user).await?;
        found.ok_or(Error::NotFound("account"))
    }

    /// The account of an email, for the command line.
    pub(super) async fn named(&self, email: &str) -> Result<Account> {
        let account = self.by_email(email).await?;
        account.ok_or(Error::NotFound("account"))
    }
}

/// Matches what holds `text`, whatever that is; `\\` escapes.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
