//! The audit log, as pages show it.

mod detail;

use domain::{
    audit::{Act, AuditRow, Page},
    clock::Timestamp,
};

use super::when::when;
use crate::api::audit::{AuditEntry, AuditPage};

/// Rows of a page.
const LIMIT: i64 = 50;

pub(crate) fn page_before(before: Option<String>) -> Page {
    Page {
        limit: LIMIT,
        before: before.filter(|id| !id.is_empty()).map(Into::into),
    }
}

pub(crate) fn shown(rows: Vec<AuditRow>, page: &Page, now: Timestamp) -> AuditPage {
    let is_full = i64::try_from(rows.len()).is_ok_and(|rows| rows == page.limit);
    AuditPage {
        older: rows
            .last()
            .filter(|_| is_full)
            .map(|row| row.id.to_string()),
        entries: rows.into_iter().map(|row| entry(row, now)).collect(),
    }
}

fn entry(row: AuditRow, now: Timestamp) -> AuditEntry {
    let is_own = row.user_id == row.actor_id;
    AuditEntry {
        id: row.id.to_string(),
        at: when(row.at, now),
        what: in_words(row.act).to_owned(),
        by: row.actor_email,
        by_key: row.api_key_id.is_some(),
        about: row.user_email.filter(|_| !is_own),
        address: row.address,
        detail: row
            .detail
            .and_then(|detail| detail::in_words(row.act, &detail)),
    }
}

const fn in_words(act: Act) -> &'static str {
    match act {
        Act::SignedUp => "Account created",
        Act::SignedIn => "Signed in",
        Act::PasswordChanged => "Password changed",
        Act::EmailVerified => "Email verified",
        Act::EmailChanged => "Email changed",
        Act::PasskeyAdded => "Passkey added",
        Act::PasskeyRemoved => "Passkey removed",
        Act::PasskeySuspended => "Passkey suspended: it may have been copied",
        Act::TotpAdded => "Authenticator app added",
        Act::TotpRemoved => "Authenticator app removed",
        Act::RecoveryCodesMade => "Recovery codes created",
        Act::RecoveryCodeUsed => "Recovery code used",
        Act::ResetLinkMade => "Reset link created",
        Act::Recovered => "Account recovered",
        Act::IdentityLinked => "Account at another provider linked",
        Act::IdentityUnlinked => "Account at another provider unlinked",
        Act::SessionEnded => "Signed out",
        Act::SessionsEnded => "Signed out everywhere else",
        Act::AccountDisabled => "Account disabled",
        Act::AccountEnabled => "Account enabled",
        Act::AccountExported => "Account's data exported",
        Act::AccountDeleted => "Account deleted",
        Act::Invited => "Invitation created",
        Act::InvitationRevoked => "Invitation revoked",
        Act::Joined => "Joined the project",
        Act::RoleChanged => "Role changed",
        Act::MemberRemoved => "Member removed",
        Act::MemberLeft => "Left the project",
        Act::OwnershipTransferred => "Ownership transferred",
        Act::ApiKeyMade => "API key created",
        Act::ApiKeyRevoked => "API key revoked",
        Act::ProjectMade => "Project created",
        Act::ProjectRenamed => "Project renamed",
        Act::ProjectDeleted => "Project deleted",
        Act::KeptDetailsChanged => "What is kept of calls changed",
        Act::SecondFactorRequired => "Requirement of a second factor changed",
        Act::IntegrationMade => "Integration created",
        Act::IntegrationActivated => "Integration activated",
        Act::IntegrationDeactivated => "Integration deactivated",
        Act::IntegrationDeleted => "Integration deleted, with its connections",
        Act::IntegrationSecretMade => "New secret of an integration created",
        Act::IntegrationSecretEnded => "Secret of an integration ended",
        Act::VaultSecretMade => "Secret added to the vault",
        Act::VaultSecretReplaced => "Secret in the vault replaced",
        Act::VaultSecretDeleted => "Secret deleted from the vault",
        Act::InstanceOwnerMade => "Made an owner of the instance",
        Act::InstanceOwnerRemoved => "No longer an owner of the instance",
        Act::SettingChanged => "Setting changed",
        Act::ProviderAdded => "Sign-in provider added",
        Act::ProviderChanged => "Sign-in provider changed",
        Act::ProviderRemoved => "Sign-in provider removed",
    }
}
