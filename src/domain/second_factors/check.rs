//! Checking what a person shows beside their password.

use std::net::IpAddr;

use super::{SecondFactors, recovery_codes, store, totp};
use crate::{
    Error, Result,
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    ids::UserId,
    sessions::SecondFactor,
};

impl SecondFactors {
    /// Checks a code of the app or a recovery code. Each is accepted once, of two at the same moment
    /// too.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `code`, the same whether or not the account has one or is disabled;
    /// [`Error::Throttled`].
    pub async fn check(&self, user: &UserId, code: &str, from: IpAddr) -> Result<SecondFactor> {
        let now = self.core.now();
        let digits = without_spaces(code);
        let is_six_digits = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_right = if is_six_digits {
            self.throttle.six_digits(user, from, now)?;
            self.takes_totp(user, &digits).await?
        } else if let Some(code) = recovery_codes::read(code) {
            self.throttle.recovery_code(user, from, now)?;
            self.takes_recovery_code(user, &code, from).await?
        } else {
            return Err(Error::invalid(
                "code",
                "Enter the six digits that your app shows, or one of your recovery codes.",
            ));
        };
        if !is_right {
            let what_next = if is_six_digits {
                "Wait for the next one."
            } else {
                "Try another one."
            };
            return Err(Error::invalid(
                "code",
                format!("This code is not right, or it was used already. {what_next}"),
            ));
        }
        self.throttle.was_right(user, from, is_six_digits);
        Ok(if is_six_digits {
            SecondFactor::Totp
        } else {
            SecondFactor::RecoveryCode
        })
    }

    async fn takes_totp(&self, user: &UserId, code: &str) -> Result<bool> {
        let Some(row) = store::totp(&self.core.db, user).await? else {
            return Ok(false);
        };
        let secret = self
            .core
            .sealer
            .open(&totp::context(user.as_str()), &row.secret)?;
        let Some(step) = totp::step_of(&secret, code, self.core.now())? else {
            return Ok(false);
        };
        let mut tx = self.core.db.begin().await?;
        let is_first = store::take_step(&mut tx, user, row.created_at, step).await?;
        tx.commit().await?;
        Ok(is_first)
    }

    async fn takes_recovery_code(&self, user: &UserId, code: &str, from: IpAddr) -> Result<bool> {
        let now = self.core.now();
        let hash = recovery_codes::hash(user, code);
        let mut tx = self.core.db.begin().await?;
        if !store::use_recovery_code(&mut tx, user, &hash, now).await? {
            return Ok(false);
        }
        let left = store::status_within(&mut tx, user).await?.recovery_codes;
        let entry = Entry::of_person(Act::RecoveryCodeUsed, user)
            .from_address(from)
            .with_detail(format!("{left} left"));
        audit::record(&self.core, &mut tx, entry).await?;
        changed(&mut tx, ChangeKind::Account, user.as_str(), now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// As apps show codes in two groups of three.
pub(super) fn without_spaces(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace())
        .take(20)
        .collect()
}
