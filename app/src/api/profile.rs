//! The reader's own account: address, password, second factors, other ways in, and its end.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{UiError, When};

/// A password that somebody types in. No log shows it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Password(pub String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(redacted)")
    }
}

/// What the page of the account shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub email: String,
    pub is_verified: bool,
    pub has_password: bool,
    pub sends_mail: bool,
    pub since: When,
    /// Projects that end with the account: nobody else is in them.
    pub ending: Vec<String>,
    /// Projects that others are in and that the reader alone owns: they stand in the way.
    pub in_the_way: Vec<String>,
    pub is_last_instance_owner: bool,
    /// Goes into the plain form of the export.
    pub csrf: String,
}

#[server(endpoint = "load_profile")]
pub async fn load_profile() -> Result<Profile, UiError> {
    use crate::ssr::{csrf_token, person, services, when::when};
    let signed_in = person().await?;
    let services = services();
    let accounts = &services.accounts;
    let account = &signed_in.account;
    let deletion = accounts.what_deletion_ends(&signed_in.actor()).await?;
    let names = |projects: Vec<(_, String)>| projects.into_iter().map(|(_, name)| name).collect();
    Ok(Profile {
        is_verified: account.email_verified_at.is_some(),
        has_password: accounts.has_password(&account.id).await?,
        sends_mail: services.core.mailer.is_configured(),
        since: when(account.created_at, services.core.now()),
        ending: names(deletion.projects),
        in_the_way: names(deletion.in_the_way),
        is_last_instance_owner: deletion.is_last_instance_owner,
        email: signed_in.account.email,
        csrf: csrf_token().await?,
    })
}

/// Changes the password, or sets a first one; other sessions end.
#[server(endpoint = "change_password")]
pub async fn change_password(password: Password) -> Result<(), UiError> {
    use crate::ssr::{client_address, fresh_person, new_cookie, services};
    let (who, fresh) = fresh_person().await?;
    let kept = Some(&who.session.id);
    services()
        .accounts
        .change_password(&who.actor(), &fresh, &password.0, kept, client_address())
        .await?;
    new_cookie().await
}

/// Begins to change the address: by a link that goes to the new one, where the instance sends mail.
#[server(endpoint = "change_email")]
pub async fn change_email(email: String) -> Result<String, UiError> {
    use crate::ssr::{client_address, fresh_person, services};
    use domain::accounts::EmailChange;
    let (who, fresh) = fresh_person().await?;
    let accounts = &services().accounts;
    let actor = who.actor();
    let change = accounts
        .begin_email_change(&actor, &fresh, &email, client_address())
        .await?;
    Ok(match change {
        EmailChange::LinkSent => format!(
            "A mail is on its way to {}. Your address changes when you open its link.",
            email.trim()
        ),
        EmailChange::Changed(account) => format!("Your address is {} now.", account.email),
    })
}

/// Sends a link that shows that the address is the reader's.
#[server(endpoint = "verify_email")]
pub async fn verify_email() -> Result<(), UiError> {
    use crate::ssr::{actor, client_address, services};
    let actor = actor().await?;
    let accounts = &services().accounts;
    accounts
        .begin_email_verification(&actor, client_address())
        .await?;
    Ok(())
}

/// Ends the account for good.
#[server(endpoint = "delete_account")]
pub async fn delete_account(confirm_email: String) -> Result<(), UiError> {
    use crate::ssr::{fresh_person, services};
    use domain::Error;
    let (who, fresh) = fresh_person().await?;
    if confirm_email.trim().to_lowercase() != who.account.email {
        let message = format!("Type the address of your account: {}", who.account.email);
        return Err(Error::invalid("confirm_email", message).into());
    }
    let accounts = &services().accounts;
    accounts.delete(&who.actor(), &fresh).await?;
    leptos_axum::redirect("/sign-in");
    Ok(())
}

/// A passkey, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyRow {
    pub id: String,
    pub name: String,
    pub created: When,
    pub last_used: Option<When>,
    pub is_suspended: bool,
}

/// An account at a provider that signs the reader in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityRow {
    pub provider_id: String,
    pub provider: String,
    pub subject: String,
    pub email: Option<String>,
    pub since: When,
    pub last_used: Option<When>,
}

/// What the page of second factors and ways in shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Security {
    pub passkeys: Vec<PasskeyRow>,
    /// Why there can be none on this instance.
    pub no_passkeys: Option<String>,
    pub totp_since: Option<When>,
    pub recovery_codes: i64,
    pub identities: Vec<IdentityRow>,
    /// Id and name of each provider that is not linked yet.
    pub providers: Vec<(String, String)>,
    /// Who asks for a second factor that is not there: `This instance`.
    pub asked_by: Option<String>,
    /// Whether the reader showed who they are a moment ago.
    pub is_fresh: bool,
    /// Goes into the plain forms.
    pub csrf: String,
}

#[server(endpoint = "load_security")]
pub async fn load_security() -> Result<Security, UiError> {
    crate::ssr::security::load().await
}

#[server(endpoint = "rename_passkey")]
pub async fn rename_passkey(passkey_id: String, name: String) -> Result<(), UiError> {
    use crate::ssr::{actor, services};
    let actor = actor().await?;
    let passkeys = &services().passkeys;
    passkeys.rename(&actor, &passkey_id.into(), &name).await?;
    Ok(())
}

#[server(endpoint = "remove_passkey")]
pub async fn remove_passkey(passkey_id: String) -> Result<(), UiError> {
    use crate::ssr::{client_address, fresh_person, services};
    let (who, fresh) = fresh_person().await?;
    let passkeys = &services().passkeys;
    passkeys
        .remove(&who.actor(), &fresh, &passkey_id.into(), client_address())
        .await?;
    Ok(())
}

#[server(endpoint = "remove_totp")]
pub async fn remove_totp() -> Result<(), UiError> {
    use crate::ssr::{client_address, fresh_person, services};
    let (who, fresh) = fresh_person().await?;
    let factors = &services().second_factors;
    factors
        .remove_totp(&who.actor(), &fresh, client_address())
        .await?;
    Ok(())
}

#[server(endpoint = "unlink_identity")]
pub async fn unlink_identity(provider_id: String, subject: String) -> Result<(), UiError> {
    use crate::ssr::{client_address, fresh_person, services};
    let (who, fresh) = fresh_person().await?;
    let providers = &services().providers;
    providers
        .unlink(
            &who.actor(),
            &fresh,
            &provider_id.into(),
            &subject,
            client_address(),
        )
        .await?;
    Ok(())
}
