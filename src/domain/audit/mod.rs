//! The audit log: what was done to people, to what they may do and to the secrets by which others come
//! in or tools go out, in the transaction that did it.
//! Its rows name people by id alone, so that an account can be deleted and its rows stay.

mod store;

use std::net::IpAddr;

use crate::{
    Core, Result,
    accounts::Actor,
    clock::Timestamp,
    db::{DbError, Tx},
    ids::{ApiKeyId, AuditId, ProjectId, UserId},
    members::{Access, Admin},
    text_enum,
};

text_enum! {
    /// What was done.
    pub enum Act {
        SignedUp = "account.signed_up",
        SignedIn = "account.signed_in",
        PasswordChanged = "account.password_changed",
        EmailChanged = "account.email_changed",
        EmailVerified = "account.email_verified",
        PasskeyAdded = "account.passkey_added",
        PasskeyRemoved = "account.passkey_removed",
        PasskeySuspended = "account.passkey_suspended",
        TotpAdded = "account.totp_added",
        TotpRemoved = "account.totp_removed",
        RecoveryCodesMade = "account.recovery_codes_made",
        RecoveryCodeUsed = "account.recovery_code_used",
        ResetLinkMade = "account.reset_link_made",
        Recovered = "account.recovered",
        IdentityLinked = "account.identity_linked",
        IdentityUnlinked = "account.identity_unlinked",
        SessionEnded = "account.session_ended",
        SessionsEnded = "account.sessions_ended",
        AccountDisabled = "account.disabled",
        AccountEnabled = "account.enabled",
        AccountExported = "account.exported",
        AccountDeleted = "account.deleted",
        Invited = "member.invited",
        InvitationRevoked = "member.invitation_revoked",
        Joined = "member.joined",
        RoleChanged = "member.role_changed",
        MemberRemoved = "member.removed",
        MemberLeft = "member.left",
        OwnershipTransferred = "member.ownership_transferred",
        ApiKeyMade = "api_key.made",
        ApiKeyRevoked = "api_key.revoked",
        ProjectMade = "project.made",
        ProjectRenamed = "project.renamed",
        ProjectDeleted = "project.deleted",
        KeptDetailsChanged = "project.kept_details_changed",
        SecondFactorRequired = "project.second_factor_required",
        IntegrationMade = "integration.made",
        IntegrationActivated = "integration.activated",
        IntegrationDeactivated = "integration.deactivated",
        IntegrationDeleted = "integration.deleted",
        IntegrationSecretMade = "integration.secret_made",
        IntegrationSecretEnded = "integration.secret_ended",
        VaultSecretMade = "vault.secret_made",
        VaultSecretReplaced = "vault.secret_replaced",
        VaultSecretDeleted = "vault.secret_deleted",
        InstanceOwnerMade = "instance.owner_made",
        InstanceOwnerRemoved = "instance.owner_removed",
        SettingChanged = "instance.setting_changed",
        ProviderAdded = "instance.provider_added",
        ProviderChanged = "instance.provider_changed",
        ProviderRemoved = "instance.provider_removed",
    }
}

/// What is to be noted.
#[derive(Debug, Clone)]
pub struct Entry {
    pub act: Act,
    /// Who did it; `None`: whoever holds the server, or somebody who is not signed in.
    pub by: Option<Actor>,
    /// Whom it is about.
    pub user_id: Option<UserId>,
    pub project_id: Option<ProjectId>,
    pub address: Option<IpAddr>,
    /// Half a sentence for people. Never a secret, and never an address or a name of a person.
    pub detail: Option<String>,
}

impl Entry {
    /// An act of a person or a key.
    #[must_use]
    pub fn by(act: Act, actor: &Actor) -> Self {
        Self {
            by: Some(actor.clone()),
            ..Self::unattributed(act)
        }
    }

    /// An act in a project, of whom an access is.
    #[must_use]
    pub fn of_access<L>(act: Act, access: &Access<L>) -> Self {
        Self::by(act, access.actor()).in_project(access.project_id())
    }

    /// An act of a person on their own account.
    #[must_use]
    pub fn of_person(act: Act, user: &UserId) -> Self {
        let actor = Actor::Person {
            user_id: user.clone(),
        };
        Self::by(act, &actor).about(user)
    }

    /// An act of whoever holds the server, or of somebody who is not signed in.
    #[must_use]
    pub const fn unattributed(act: Act) -> Self {
        Self {
            act,
            by: None,
            user_id: None,
            project_id: None,
            address: None,
            detail: None,
        }
    }

    #[must_use]
    pub fn about(self, user: &UserId) -> Self {
        Self {
            user_id: Some(user.clone()),
            ..self
        }
    }

    #[must_use]
    pub fn in_project(self, project: &ProjectId) -> Self {
        Self {
            project_id: Some(project.clone()),
            ..self
        }
    }

    #[must_use]
    pub fn from_address(self, address: IpAddr) -> Self {
        Self {
            address: Some(address),
            ..self
        }
    }

    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }
}

/// A row of the log, with the emails that its people have now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub id: AuditId,
    pub at: Timestamp,
    pub act: Act,
    pub actor_id: Option<UserId>,
    pub actor_email: Option<String>,
    pub api_key_id: Option<ApiKeyId>,
    pub user_id: Option<UserId>,
    pub user_email: Option<String>,
    pub project_id: Option<ProjectId>,
    pub address: Option<String>,
    pub detail: Option<String>,
}

/// Notes what a transaction does.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn record(core: &Core, tx: &mut Tx, entry: Entry) -> Result<(), DbError> {
    let id = AuditId::new(&*core.clock, &*core.random);
    store::insert(tx, &id, core.now(), &entry).await
}

/// A part of the log, newest first.
#[derive(Debug, Clone)]
pub struct Page {
    /// 1 to 1,000.
    pub limit: i64,
    /// The row that the last page ended with.
    pub before: Option<AuditId>,
}

impl Page {
    #[must_use]
    pub const fn first(limit: i64) -> Self {
        Self {
            limit,
            before: None,
        }
    }
}

/// The room's service.
#[derive(Clone)]
pub struct Audit {
    core: Core,
}

impl Audit {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// What was done to a person's own account, or by them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn of_account(&self, user: &UserId, page: &Page) -> Result<Vec<AuditRow>> {
        store::of_account(&self.core.db, user, page).await
    }

    /// What was done in a project.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn of_project(&self, access: &Access<Admin>, page: &Page) -> Result<Vec<AuditRow>> {
        store::of_project(&self.core.db, access.project_id(), page).await
    }

    /// What was done in the whole instance.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn of_instance(
        &self,
        _owner: &crate::instance::InstanceOwner,
        page: &Page,
    ) -> Result<Vec<AuditRow>> {
        store::of_instance(&self.core.db, page).await
    }

    /// Deletes rows of more than [`KEPT_DAYS`] days ago, a batch at a time.
    ///
    /// # Errors
    /// Where the database fails.
    pub(crate) async fn expire(&self, now: Timestamp, batch: i64) -> Result<u64, DbError> {
        let mut tx = self.core.db.begin().await?;
        let rows = store::expire(&mut tx, now.plus_seconds(-KEPT_DAYS * 86_400), batch).await?;
        tx.commit().await?;
        Ok(rows)
    }
}

/// Days that rows are kept.
pub const KEPT_DAYS: i64 = 400;
