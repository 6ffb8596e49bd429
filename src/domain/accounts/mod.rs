//! People: signing up, signing in, and who is asking.

mod by_mail;
mod by_provider;
mod credentials;
mod directory;
mod email;
mod guessable;
mod own;
mod password;
mod privacy;
mod store;
mod throttle;

use std::{net::IpAddr, sync::Arc};

use crate::{
    Core, Error, Result,
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    clock::Timestamp,
    crypto::{base64url, equal_in_constant_time, sha256},
    db::Tx,
    ids::{ApiKeyId, ProjectId, UserId},
    invitations,
    members::Role,
    text_enum,
};
pub(crate) use throttle::Throttle;

pub(crate) use by_provider::{by_checked_email, insert_verified};
pub use credentials::EmailChange;
pub(crate) use credentials::{new_hash, set_password};
pub use directory::{AccountFilter, AccountRow, Disabled};
pub(crate) use directory::{LockedAccount, lock_enabled, mark_verified};
pub(crate) use email::{checked as checked_email, masked};
pub use privacy::{Deletion, EXPORTED_ROWS};
pub(crate) use store::{by_email, by_id, has_second_factor};

/// Who is asking. Everything that is not public begins with one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Someone who is signed in.
    Person { user_id: UserId },
    /// A key of the REST API.
    ApiKey {
        id: ApiKeyId,
        /// The one project that it is for; `None`: every project of its account.
        project_id: Option<ProjectId>,
        /// What it may do there at most.
        role: Role,
        /// Who made it; it can never do more than they can.
        user_id: UserId,
    },
}

impl Actor {
    /// Somebody who is signed in.
    #[must_use]
    pub fn person(user_id: &UserId) -> Self {
        Self::Person {
            user_id: user_id.clone(),
        }
    }

    #[must_use]
    pub const fn user_id(&self) -> &UserId {
        match self {
            Self::Person { user_id } | Self::ApiKey { user_id, .. } => user_id,
        }
    }

    #[must_use]
    pub const fn api_key_id(&self) -> Option<&ApiKeyId> {
        match self {
            Self::Person { .. } => None,
            Self::ApiKey { id, .. } => Some(id),
        }
    }
}

text_enum! {
    /// Who may make an account once the instance has an owner (`TENGINE_SIGNUP`).
    pub enum SignUpPolicy {
        /// Only the first account, which owns the instance.
        First = "first",
        /// Anyone who reaches the page.
        Open = "open",
        /// Whoever holds an invitation.
        Invite = "invite",
    }
}

/// A person's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: UserId,
    /// Lower-cased; unique in the instance.
    pub email: String,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    pub is_instance_owner: bool,
    /// When it was shown that the address is theirs.
    pub email_verified_at: Option<Timestamp>,
    /// How often all of its sessions were ended.
    pub(crate) sign_outs: i64,
}

/// Proof that a person showed who they are a moment ago. Only [`Accounts::prove`],
/// [`crate::passkeys::Passkeys::finish_for`] and [`crate::sessions::Sessions::fresh`] make one.
#[derive(Debug, Clone)]
pub struct FreshIdentity {
    user_id: UserId,
}

impl FreshIdentity {
    pub(crate) const fn of(user_id: UserId) -> Self {
        Self { user_id }
    }

    /// A key shows itself with each request; it has no session that could be stolen beside it.
    #[must_use]
    pub fn of_key(actor: &Actor) -> Option<Self> {
        match actor {
            Actor::Person { .. } => None,
            Actor::ApiKey { user_id, .. } => Some(Self::of(user_id.clone())),
        }
    }

    /// # Errors
    /// [`Error::ProofNeeded`] where it is somebody else's.
    pub fn check(&self, actor: &Actor) -> Result<()> {
        if self.is_of(actor) {
            Ok(())
        } else {
            Err(Error::ProofNeeded)
        }
    }

    /// Whether it is this actor's.
    #[must_use]
    pub fn is_of(&self, actor: &Actor) -> bool {
        self.user_id == *actor.user_id()
    }
}

/// What someone fills in to sign up.
pub struct SignUp<'a> {
    pub email: &'a str,
    pub password: &'a str,
    /// Asked of the first account where the instance is public.
    pub setup_code: Option<&'a str>,
    /// The token of an invitation, which is used with it.
    pub invitation: Option<&'a str>,
    /// Of a mail that went to the address, which it names.
    pub link: Option<&'a str>,
}

/// What the sign-up page asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpState {
    /// Nobody owns the instance yet; `setup_code` says whether the page asks for it.
    Unclaimed {
        setup_code: bool,
    },
    Open,
    /// Anybody may, by a link that goes to their address.
    ByMail,
    Closed,
}

/// The room's service.
#[derive(Clone)]
pub struct Accounts {
    core: Core,
    throttle: Arc<Throttle>,
}

impl Accounts {
    pub(crate) fn new(core: Core) -> Self {
        let throttle = Arc::new(Throttle::new(core.limits));
        Self { core, throttle }
    }

    pub(crate) fn throttle(&self) -> Arc<Throttle> {
        self.throttle.clone()
    }

    /// Whether others than this machine's user can reach the instance.
    fn needs_setup_code(&self) -> bool {
        self.core.is_exposed
    }

    /// # Errors
    /// Where the database fails.
    pub async fn sign_up_state(&self) -> Result<SignUpState> {
        if !store::is_claimed(&self.core.db).await? {
            return Ok(SignUpState::Unclaimed {
                setup_code: self.needs_setup_code(),
            });
        }
        Ok(match self.core.settings().await?.sign_up {
            SignUpPolicy::Open if self.core.mailer.is_configured() => SignUpState::ByMail,
            SignUpPolicy::Open => SignUpState::Open,
            SignUpPolicy::First | SignUpPolicy::Invite => SignUpState::Closed,
        })
    }

    /// What is asked of somebody with an invitation, whatever the policy: their address is shown to be
    /// theirs by mail where something rests on it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sign_up_state_with(&self, invitation: &str) -> Result<SignUpState> {
        match self.sign_up_state().await? {
            SignUpState::ByMail | SignUpState::Closed => {}
            other => return Ok(other),
        }
        match invitations::check_for_sign_up(&self.core, invitation, None).await {
            Ok(true) => Ok(SignUpState::ByMail),
            // Of one that does not work the form's answer tells.
            Ok(false) | Err(Error::NotFound(_)) => Ok(SignUpState::Open),
            Err(error) => Err(error),
        }
    }

    /// Makes an account. The first one owns the instance: claimed in the same transaction, so that
    /// of two at the same moment one wins and the other is judged by the policy.
    ///
    /// # Errors
    /// [`Error::Invalid`] by field, [`Error::Conflict`] for a known email, [`Error::Forbidden`]
    /// where the policy says no, [`Error::NotFound`] for an invitation that does not work,
    /// [`Error::Throttled`] for many tries from one address.
    pub async fn sign_up(&self, input: SignUp<'_>, from: IpAddr) -> Result<Account> {
        self.throttle.address(from, self.core.now())?;
        // Before anything else: who may not sign up learns nothing of who has, and costs no hash.
        let is_open = match self.sign_up_state().await? {
            SignUpState::Unclaimed { .. } | SignUpState::Open => true,
            SignUpState::ByMail => input.link.is_some(),
            SignUpState::Closed => false,
        };
        if !is_open && input.invitation.is_none() {
            return Err(Self::closed());
        }
        let policy = self.core.settings().await?.sign_up;
        let email = match input.link {
            Some(link) => Ok(self.address_of_link(link)?),
            None => email::checked(input.email),
        };
        if let Some(token) = input.invitation {
            let email = email.as_deref().ok();
            let by_mail = invitations::check_for_sign_up(&self.core, token, email).await?;
            if by_mail && input.link.is_none() && !is_open {
                return Err(Error::invalid(
                    "email",
                    "Confirm this address first, by the link in a mail that the sign-up page sends.",
                ));
            }
        }
        let email = email?;
        self.check_domain(&email).await?;
        password::check_rules(input.password, &email).await?;
        let hash = password::hash(&self.core, input.password).await?;
        let mut tx = self.core.db.begin().await?;
        let mut account = self.insert(&mut tx, email, &hash).await?;
        let claimed = store::claim(&mut tx, &account.id, account.created_at).await?;
        account.is_instance_owner = claimed;
        match (claimed, policy) {
            (true, _) if self.needs_setup_code() => {
                let given = input.setup_code.unwrap_or_default().trim();
                let expected = self.core.sealer.setup_code();
                if !equal_in_constant_time(given.as_bytes(), expected.as_bytes()) {
                    return Err(Error::invalid(
                        "setup_code",
                        "Enter the set-up code that the server printed when it started.",
                    ));
                }
            }
            (true, _) | (false, SignUpPolicy::Open) => {}
            (false, SignUpPolicy::First | SignUpPolicy::Invite) if input.invitation.is_some() => {}
            // Someone else claimed the instance in between.
            (false, SignUpPolicy::First | SignUpPolicy::Invite) => return Err(Self::closed()),
        }
        let entry = Entry::of_person(Act::SignedUp, &account.id).from_address(from);
        audit::record(&self.core, &mut tx, entry).await?;
        if input.link.is_some() {
            mark_verified(&self.core, &mut tx, &account.id).await?;
        }
        if let Some(token) = input.invitation {
            let made = LockedAccount {
                is_verified: input.link.is_some(),
                ..LockedAccount::new(&account)
            };
            invitations::join(&self.core, &mut tx, token, &made, from).await?;
        }
        tx.commit().await?;
        // A link or a mailed invitation has shown that the address is theirs.
        Ok(by_id(&self.core.db, &account.id).await?.unwrap_or(account))
    }

    /// Whether new accounts may have an address like this checked one.
    async fn check_domain(&self, email: &str) -> Result<()> {
        if self.core.settings().await?.allows_domain(email) {
            return Ok(());
        }
        Err(Error::invalid(
            "email",
            "This instance takes accounts of other mail domains only.",
        ))
    }

    fn closed() -> Error {
        Error::Forbidden(
            "Sign-up is closed on this instance. Ask its owner for an account.".to_owned(),
        )
    }

    /// Makes an account from the command line, whose user holds the database anyway; claims the
    /// instance if nobody has.
    pub(crate) async fn insert_by_operator(
        &self,
        tx: &mut Tx,
        email: &str,
        password: &str,
    ) -> Result<Account> {
        let email = email::checked(email)?;
        password::check_rules(password, &email).await?;
        let hash = password::hash(&self.core, password).await?;
        let mut account = self.insert(tx, email, &hash).await?;
        account.is_instance_owner = store::claim(tx, &account.id, account.created_at).await?;
        Ok(account)
    }

    async fn insert(&self, tx: &mut Tx, email: String, hash: &str) -> Result<Account> {
        let account = Account {
            id: UserId::new(&*self.core.clock, &*self.core.random),
            email,
            created_at: self.core.now(),
            disabled_at: None,
            is_instance_owner: false,
            email_verified_at: None,
            sign_outs: 0,
        };
        store::insert(tx, &account, hash).await.map_err(|error| {
            if error.is_unique_violation() {
                Error::conflict(
                    "email",
                    "There is an account with this email. Sign in instead.",
                )
            } else {
                error.into()
            }
        })?;
        changed(
            tx,
            ChangeKind::Account,
            account.id.as_str(),
            account.created_at,
        )
        .await?;
        Ok(account)
    }

    /// Checks an email and a password, at the same cost whether or not the account exists.
    ///
    /// # Errors
    /// [`Error::WrongCredentials`], or [`Error::Throttled`]: an account is slowed down, never
    /// locked.
    pub async fn sign_in(&self, email: &str, password: &str, from: IpAddr) -> Result<Account> {
        self.throttle.address(from, self.core.now())?;
        // What is no address has no account, and would only fill the throttle's memory.
        let email = email::checked(email).map_err(|_| Error::WrongCredentials)?;
        self.throttle.guesser(&email, from, self.core.now())?;
        let crowd = self.throttle.crowd(&email, self.core.now());
        let found = store::by_email(&self.core.db, &email).await?;
        let is_crowded = crowd.is_err();
        if let Err(slowed) = crowd {
            let known = found.as_ref().map(|(account, _)| &account.id);
            // Who guesses from everywhere slows down everyone but who came from here before.
            if !store::came_from(&self.core.db, known, from).await? {
                return Err(slowed);
            }
        }
        let (account, hash) = match found {
            Some((account, hash)) => (Some(account), Some(hash)),
            None => (None, None),
        };
        let matches = password::verify(password, hash.clone()).await?;
        let account = account
            .filter(|account| matches && account.disabled_at.is_none())
            .ok_or(Error::WrongCredentials)?;
        if is_crowded {
            self.throttle.guesser_was_right(&email, from);
        } else {
            self.throttle.was_right(&email, from);
        }
        if let Some(old) = hash.filter(|hash| password::needs_rehash(hash)) {
            self.rehash(&account.id, &old, password).await?;
        }
        Ok(account)
    }

    /// Stores a password, which was right just now, under today's parameters.
    async fn rehash(&self, user: &UserId, old: &str, password: &str) -> Result<()> {
        let new = password::hash(&self.core, password).await?;
        let mut tx = self.core.db.begin().await?;
        store::replace_hash(&mut tx, user, old, &new).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Asks a person for their password once more, before an act that a stolen session must not be
    /// enough for.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `password`; [`Error::Throttled`].
    pub async fn prove(
        &self,
        actor: &Actor,
        password: &str,
        from: IpAddr,
    ) -> Result<FreshIdentity> {
        let wrong = || Error::invalid("password", "Enter the password of your account.");
        let account = by_id(&self.core.db, actor.user_id())
            .await?
            .ok_or_else(wrong)?;
        match self.sign_in(&account.email, password, from).await {
            Ok(account) => Ok(FreshIdentity::of(account.id)),
            Err(Error::WrongCredentials) => Err(wrong()),
            Err(error) => Err(error),
        }
    }

    /// Whether a person signs in with a password, too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn has_password(&self, id: &UserId) -> Result<bool> {
        Ok(store::has_password(&self.core.db, id).await?)
    }

    /// What tells one password of a person from the next, and nothing of either; `None` for who has
    /// none. For the session, on the server.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn password_mark(&self, id: &UserId) -> Result<Option<String>> {
        let hash = store::password_hash(&self.core.db, id).await?;
        let hash = hash.filter(|hash| !hash.is_empty());
        Ok(hash.map(|hash| base64url(&sha256(hash.as_bytes()))))
    }

    /// The account of a session, as long as it is enabled.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn enabled(&self, id: &UserId) -> Result<Option<Account>> {
        let account = by_id(&self.core.db, id).await?;
        Ok(account.filter(|account| account.disabled_at.is_none()))
    }

    /// # Errors
    /// Where the database fails.
    pub async fn by_email(&self, email: &str) -> Result<Option<Account>> {
        let Ok(email) = email::checked(email) else {
            return Ok(None);
        };
        let found = store::by_email(&self.core.db, &email).await?;
        Ok(found.map(|(account, _)| account))
    }
}
