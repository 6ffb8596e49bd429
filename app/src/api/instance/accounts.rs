//! The accounts of the instance, for its owners.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::{
    UiError, When,
    members::{InvitationRow, NewLink},
};

/// An account, as an owner of the instance sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    pub id: String,
    pub email: String,
    pub is_verified: bool,
    pub is_disabled: bool,
    pub is_instance_owner: bool,
    pub is_me: bool,
    pub has_password: bool,
    pub has_second_factor: bool,
    pub projects: i64,
    pub created: When,
    pub last_used: Option<When>,
}

/// A page of the accounts, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountList {
    pub accounts: Vec<AccountRow>,
    /// The next page is what was before this account.
    pub older: Option<String>,
    /// To the instance alone.
    pub invitations: Vec<InvitationRow>,
    pub sends_mail: bool,
}

#[server(endpoint = "list_accounts")]
pub async fn list_accounts(
    text: Option<String>,
    before: Option<String>,
) -> Result<AccountList, UiError> {
    use crate::ssr::{accounts, instance_owner};
    let (services, owner) = instance_owner().await?;
    accounts::list(&services, &owner, text, before).await
}

#[server(endpoint = "disable_account")]
pub async fn disable_account(user_id: String) -> Result<(), UiError> {
    use crate::ssr::instance_owner;
    let (services, owner) = instance_owner().await?;
    services.accounts.disable(&owner, &user_id.into()).await?;
    Ok(())
}

#[server(endpoint = "enable_account")]
pub async fn enable_account(user_id: String) -> Result<(), UiError> {
    use crate::ssr::{fresh_person, instance_owner};
    let (services, owner) = instance_owner().await?;
    let (_, fresh) = fresh_person().await?;
    let accounts = &services.accounts;
    accounts
        .enable(&owner, &user_id.into(), Some(&fresh))
        .await?;
    Ok(())
}

/// Signs an account out everywhere.
#[server(endpoint = "sign_out_account")]
pub async fn sign_out_account(user_id: String) -> Result<(), UiError> {
    use crate::ssr::instance_owner;
    let (services, owner) = instance_owner().await?;
    let accounts = &services.accounts;
    accounts
        .sign_out_everywhere(&owner, &user_id.into())
        .await?;
    Ok(())
}

#[server(endpoint = "set_instance_owner")]
pub async fn set_instance_owner(
    user_id: String,
    #[server(default)] is_owner: bool,
) -> Result<(), UiError> {
    use crate::ssr::{fresh_person, instance_owner};
    let (services, owner) = instance_owner().await?;
    let (_, fresh) = fresh_person().await?;
    services
        .accounts
        .set_instance_owner(&owner, &user_id.into(), is_owner, Some(&fresh))
        .await?;
    Ok(())
}

/// Makes a link by which somebody sets a new password. It is shown once.
#[server(endpoint = "make_reset_link")]
pub async fn make_reset_link(
    user_id: String,
    #[server(default)] removes_second_factor: bool,
) -> Result<NewLink, UiError> {
    use crate::ssr::{fresh_person, instance_owner, when::deadline};
    let (services, owner) = instance_owner().await?;
    let (_, fresh) = fresh_person().await?;
    let recovery = &services.recovery;
    let token = recovery
        .by_owner(&owner, &fresh, &user_id.into(), removes_second_factor)
        .await?;
    let now = services.core.now();
    Ok(NewLink {
        url: Some(recovery.url(&token)),
        sent_to: None,
        expires: deadline(now.plus_seconds(86_400), now),
    })
}

/// Invites somebody to have an account, in no project.
#[server(endpoint = "invite_to_instance")]
pub async fn invite_to_instance(
    email: String,
    by_mail: bool,
    #[server(default)] most_uses: Option<i64>,
    valid_days: i64,
) -> Result<NewLink, UiError> {
    use crate::ssr::{fresh_person, instance_owner, members};
    let (services, owner) = instance_owner().await?;
    let (_, fresh) = fresh_person().await?;
    let new = members::wish(&email, by_mail, most_uses, valid_days);
    let invitations = &services.invitations;
    invitations.can_hand_over(&new)?;
    let made = invitations
        .create_for_instance(&owner, &new, Some(&fresh))
        .await?;
    Ok(members::new_link(&services, made, None))
}

#[server(endpoint = "revoke_instance_invitation")]
pub async fn revoke_instance_invitation(invitation_id: String) -> Result<(), UiError> {
    use crate::ssr::instance_owner;
    let (services, owner) = instance_owner().await?;
    let invitations = &services.invitations;
    invitations
        .revoke_of_instance(&owner, &invitation_id.into())
        .await?;
    Ok(())
}
