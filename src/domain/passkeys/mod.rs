//! Passkeys (WebAuthn Level 3): making one, and what a person does with theirs. A ceremony has two
//! halves with the browser's answer between them; what it is meanwhile is kept in the session.

mod answer;
mod authenticate;
mod authenticators;
mod relying_party;
mod state;
mod store;

use std::{net::IpAddr, sync::Arc};

use serde_json::{Value, json};
use sqlx::FromRow;
use uuid::Uuid;
use webauthn_rs::prelude::{CredentialID, RegisterPublicKeyCredential, Webauthn};

pub use relying_party::Unavailable;
pub use state::{AuthenticationState, CEREMONY_SECONDS, RegistrationState};

use crate::{
    Core, Error, Result,
    accounts::{self, Actor, FreshIdentity},
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    clock::Timestamp,
    error::checked_name,
    ids::{PasskeyId, UserId},
    limits::{Limiter, Quota},
    mail::{self, Notice},
    second_factors::{self, person, proved},
};
use answer::{parsed, refused};
use state::Purpose;

/// Passkeys of one account.
pub const MOST: i64 = 20;
/// Characters of a passkey's name.
const LONGEST_NAME: usize = 60;
/// Answers from one network.
const ADDRESS: Quota = Quota::new(60, 1_000);

/// Sign-ins that begin from one network.
const BEGINNINGS: Quota = Quota::new(30, 2_000);

/// A passkey, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Passkey {
    pub id: PasskeyId,
    pub name: String,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    /// Its counter went back, so that somebody may have a copy: it is not accepted any more.
    pub suspended_at: Option<Timestamp>,
}

/// The room's service.
#[derive(Clone)]
pub struct Passkeys {
    core: Core,
    relying_party: Result<Arc<Webauthn>, Unavailable>,
    addresses: Arc<Limiter<IpAddr>>,
    beginnings: Arc<Limiter<IpAddr>>,
}

impl Passkeys {
    pub(crate) fn new(core: Core) -> Self {
        let relying_party = relying_party::relying_party(&core.public_url).map(Arc::new);
        Self {
            core,
            relying_party,
            addresses: Arc::new(Limiter::new(ADDRESS)),
            beginnings: Arc::new(Limiter::new(BEGINNINGS)),
        }
    }

    /// Why this instance has no passkeys, if it has none.
    #[must_use]
    pub fn unavailable(&self) -> Option<Unavailable> {
        self.relying_party.as_ref().err().copied()
    }

    fn relying_party(&self) -> Result<&Webauthn> {
        match &self.relying_party {
            Ok(webauthn) => Ok(webauthn),
            Err(why) => Err(Error::Forbidden(why.to_string())),
        }
    }

    /// Begins a new passkey: the options for the browser (`PublicKeyCredentialCreationOptionsJSON`,
    /// WebAuthn Level 3 §5.1.8), and what the session keeps.
    ///
    /// # Errors
    /// [`Error::ProofNeeded`] for a proof of somebody else; [`Error::Invalid`] where there are
    /// [`MOST`] already; [`Error::Forbidden`] where the instance has no passkeys.
    pub async fn begin(
        &self,
        actor: &Actor,
        proof: &FreshIdentity,
    ) -> Result<(Value, RegistrationState)> {
        let webauthn = self.relying_party()?;
        let user = proved(actor, proof)?;
        let account = accounts::by_id(&self.core.db, user)
            .await?
            .ok_or(Error::NotFound("account"))?;
        let known = store::credential_ids(&self.core.db, user).await?;
        check_room(i64::try_from(known.len()).unwrap_or(i64::MAX))?;
        let known = known.into_iter().map(|(id, _)| CredentialID::from(id));
        let (challenge, ceremony) = webauthn
            .start_passkey_registration(
                handle(user)?,
                &account.email,
                &account.email,
                Some(known.collect()),
            )
            .map_err(|why| Error::corrupt("passkey ceremony", why))?;
        let mut options = json!(challenge.public_key);
        // So that it can be found without a name of its person: what makes it a passkey.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        let state = RegistrationState {
            purpose: Purpose::Registration,
            user_id: user.clone(),
            expires_at: self.core.now().plus_seconds(CEREMONY_SECONDS),
            ceremony,
        };
        Ok((options, state))
    }

    /// Stores the passkey that the browser made (`RegistrationResponseJSON`). Without a name it is
    /// called after its authenticator.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `passkey` or `name`; [`Error::Conflict`] where it is stored already.
    pub async fn finish(
        &self,
        actor: &Actor,
        state: &RegistrationState,
        answer: &str,
        name: &str,
        from: IpAddr,
    ) -> Result<Passkey> {
        let webauthn = self.relying_party()?;
        let user = person(actor)?;
        let now = self.core.now();
        state.check(user, now)?;
        let answer: RegisterPublicKeyCredential = parsed(answer)?;
        let credential = webauthn
            .finish_passkey_registration(&answer, &state.ceremony)
            .map_err(|why| refused(&why))?;
        let name = if name.trim().is_empty() {
            authenticators::name(&answer.response.attestation_object).to_owned()
        } else {
            checked_name("name", name, LONGEST_NAME)?
        };
        let passkey = Passkey {
            id: PasskeyId::new(&*self.core.clock, &*self.core.random),
            name,
            created_at: now,
            last_used_at: None,
            suspended_at: None,
        };
        let mut tx = self.core.db.begin().await?;
        second_factors::lock(&mut tx, user).await?;
        check_room(store::count(&mut tx, user).await?)?;
        let new = store::NewPasskey {
            user,
            passkey: &passkey,
            credential_id: credential.cred_id(),
            credential: &json!(credential).to_string(),
        };
        store::insert(&mut tx, &new).await.map_err(|error| {
            if error.is_unique_violation() {
                Error::conflict(
                    "passkey",
                    "This passkey is stored already. Make another one.",
                )
            } else {
                error.into()
            }
        })?;
        changed(&mut tx, ChangeKind::Account, user.as_str(), now).await?;
        let entry = Entry::of_person(Act::PasskeyAdded, user)
            .from_address(from)
            .with_detail(passkey.id.as_str());
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        mail::tell_person(&self.core, user, from, &Notice::PasskeyAdded).await;
        Ok(passkey)
    }

    /// A person's passkeys, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, user: &UserId) -> Result<Vec<Passkey>> {
        Ok(store::of_user(&self.core.db, user).await?)
    }

    /// # Errors
    /// [`Error::Invalid`] for `name`; [`Error::NotFound`].
    pub async fn rename(&self, actor: &Actor, id: &PasskeyId, name: &str) -> Result<()> {
        let user = person(actor)?;
        let name = checked_name("name", name, LONGEST_NAME)?;
        let mut tx = self.core.db.begin().await?;
        if !store::rename(&mut tx, user, id, &name).await? {
            return Err(Error::NotFound("passkey"));
        }
        tx.commit().await?;
        Ok(())
    }

    /// Removes a passkey. Sessions that began with it go on.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the person could not sign in any more, or would have no second
    /// factor where one is asked for; [`Error::NotFound`]; [`Error::ProofNeeded`].
    pub async fn remove(
        &self,
        actor: &Actor,
        proof: &FreshIdentity,
        id: &PasskeyId,
        from: IpAddr,
    ) -> Result<()> {
        let user = proved(actor, proof)?;
        let mut tx = self.core.db.begin().await?;
        second_factors::lock(&mut tx, user).await?;
        let was_suspended = store::remove(&mut tx, user, id)
            .await?
            .ok_or(Error::NotFound("passkey"))?;
        if !was_suspended {
            if !store::has_way_in(&mut tx, user).await? {
                return Err(Error::Forbidden(
                    "This passkey is the only way into your account. Set a password, or add another \
                     passkey, first."
                        .to_owned(),
                ));
            }
            second_factors::check_may_go(&self.core, &mut tx, user).await?;
        }
        second_factors::tidy(&mut tx, user).await?;
        changed(&mut tx, ChangeKind::Account, user.as_str(), self.core.now()).await?;
        let entry = Entry::of_person(Act::PasskeyRemoved, user)
            .from_address(from)
            .with_detail(id.as_str());
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        mail::tell_person(&self.core, user, from, &Notice::PasskeyRemoved).await;
        Ok(())
    }
}

fn check_room(count: i64) -> Result<()> {
    if count < MOST {
        return Ok(());
    }
    Err(Error::invalid(
        "passkey",
        format!("An account has at most {MOST} passkeys. Remove one first."),
    ))
}

/// The name under which an authenticator keeps a person's passkey: the UUID of their account.
fn handle(user: &UserId) -> Result<Uuid> {
    let text = user.as_str();
    Uuid::try_parse(text.strip_prefix("usr_").unwrap_or(text))
        .map_err(|why| Error::corrupt("account id", why))
}
