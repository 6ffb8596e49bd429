//! Accounts, as owners of the instance see them.

use domain::{Services, accounts::AccountFilter, instance::InstanceOwner};

use super::{members::invitation, when::when};
use crate::api::{
    UiError,
    instance::accounts::{AccountList, AccountRow},
};

/// Rows of a page.
const LIMIT: i64 = 50;

pub(crate) async fn list(
    services: &Services,
    owner: &InstanceOwner,
    text: Option<String>,
    before: Option<String>,
) -> Result<AccountList, UiError> {
    let now = services.core.now();
    let filter = AccountFilter {
        text,
        limit: Some(LIMIT),
        before: before.filter(|id| !id.is_empty()).map(Into::into),
    };
    let rows = services.accounts.list(owner, &filter).await?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|rows| rows == LIMIT);
    let invitations = services.invitations.list_of_instance(owner).await?;
    Ok(AccountList {
        older: rows
            .last()
            .filter(|_| is_full)
            .map(|row| row.account.id.to_string()),
        accounts: rows
            .into_iter()
            .map(|row| AccountRow {
                is_me: row.account.id == *owner.actor().user_id(),
                id: row.account.id.to_string(),
                email: row.account.email,
                is_verified: row.account.email_verified_at.is_some(),
                is_disabled: row.account.disabled_at.is_some(),
                is_instance_owner: row.account.is_instance_owner,
                has_password: row.has_password,
                has_second_factor: row.has_second_factor,
                projects: row.projects,
                created: when(row.account.created_at, now),
                last_used: row.last_used_at.map(|at| when(at, now)),
            })
            .collect(),
        invitations: invitations
            .into_iter()
            .map(|one| invitation(one, now))
            .collect(),
        sends_mail: services.core.mailer.is_configured(),
    })
}
