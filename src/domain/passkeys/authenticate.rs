//! Using a passkey: to sign in, and to show who one is.

use std::net::IpAddr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableKey, Passkey as Credential, PublicKeyCredential, WebauthnError,
};

use super::{
    AuthenticationState, CEREMONY_SECONDS, Passkeys,
    answer::{not_accepted, parsed, refused},
    handle,
    state::Purpose,
    store,
};
use crate::{
    Error, Result,
    accounts::{self, Account, FreshIdentity},
    audit::{self, Act, Entry},
    crypto::{base64url, sha256},
    ids::UserId,
    limits::network,
    sessions::{self, SessionEnd},
};

/// Tries of an answer whose passkey is used by others at the same moment.
const TRIES: usize = 4;

impl Passkeys {
    /// Begins a sign-in of whoever has a passkey, by a button or by what the browser offers in the
    /// email's field: the options (`PublicKeyCredentialRequestOptionsJSON`), and what the session
    /// keeps.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where the instance has no passkeys; [`Error::Throttled`] for many from one
    /// network: each is a row that a stranger leaves behind.
    pub fn begin_sign_in(&self, from: IpAddr) -> Result<(Value, AuthenticationState)> {
        if self.core.limits {
            self.beginnings.take(&network(from), self.core.now())?;
        }
        self.asked(None, &[])
    }

    /// Signs in the person of the passkey that the browser answers with
    /// (`AuthenticationResponseJSON`). It is two factors in one: their device, and how it knows them.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `passkey`, the same for an unknown one and that of a disabled account;
    /// [`Error::Forbidden`] for one that is suspended, which says what to do; [`Error::Throttled`].
    pub async fn finish_sign_in(
        &self,
        state: &AuthenticationState,
        answer: &str,
        from: IpAddr,
    ) -> Result<Account> {
        state.check(None, self.core.now())?;
        self.answered(state, answer, from).await
    }

    /// Asks a known person for one of their passkeys: after their password, or before a sensitive act.
    ///
    /// # Errors
    /// [`Error::NotFound`] where they have none that may be used.
    pub async fn begin_for(&self, user: &UserId) -> Result<(Value, AuthenticationState)> {
        let known = store::credential_ids(&self.core.db, user).await?;
        let usable: Vec<_> = known
            .into_iter()
            .filter(|(_, is_suspended)| !is_suspended)
            .map(|(id, _)| json!({ "type": "public-key", "id": base64url(&id) }))
            .collect();
        if usable.is_empty() {
            return Err(Error::NotFound("passkey"));
        }
        self.asked(Some(user), &usable)
    }

    /// The proof that a known person has one of their passkeys.
    ///
    /// # Errors
    /// As [`Passkeys::finish_sign_in`].
    pub async fn finish_for(
        &self,
        user: &UserId,
        state: &AuthenticationState,
        answer: &str,
        from: IpAddr,
    ) -> Result<FreshIdentity> {
        state.check(Some(user), self.core.now())?;
        let account = self.answered(state, answer, from).await?;
        Ok(FreshIdentity::of(account.id))
    }

    fn asked(
        &self,
        user: Option<&UserId>,
        allowed: &[Value],
    ) -> Result<(Value, AuthenticationState)> {
        let (challenge, ceremony) = self
            .relying_party()?
            .start_discoverable_authentication()
            .map_err(|why| Error::corrupt("passkey ceremony", why))?;
        let mut options = json!(challenge.public_key);
        options["allowCredentials"] = json!(allowed);
        let state = AuthenticationState {
            purpose: user.map_or(Purpose::SignIn, |_| Purpose::Proof),
            user_id: user.cloned(),
            expires_at: self.core.now().plus_seconds(CEREMONY_SECONDS),
            challenge_hash: base64url(&sha256(&challenge.public_key.challenge)),
            ceremony,
        };
        Ok((options, state))
    }

    /// Whose passkey answered. Each answer counts once, whoever sends it again and at whatever moment.
    async fn answered(
        &self,
        state: &AuthenticationState,
        answer: &str,
        from: IpAddr,
    ) -> Result<Account> {
        if self.core.limits {
            self.addresses.take(&network(from), self.core.now())?;
        }
        let challenge_hash = URL_SAFE_NO_PAD
            .decode(&state.challenge_hash)
            .map_err(|why| Error::corrupt("passkey ceremony", why))?;
        let answer: PublicKeyCredential = parsed(answer)?;
        for _ in 0..TRIES {
            let row = store::by_credential_id(&self.core.db, answer.get_credential_id()).await?;
            let row = row.ok_or_else(not_accepted)?;
            if !is_of(&answer, state, &row)?
                || row.last_challenge_hash.as_deref() == Some(&challenge_hash)
            {
                return Err(not_accepted());
            }
            let mut credential: Credential = serde_json::from_str(&row.credential)
                .map_err(|why| Error::corrupt("passkey", why))?;
            let verified = self.relying_party()?.finish_discoverable_authentication_v2(
                &answer,
                state.ceremony.clone(),
                DiscoverableKey::from(&credential),
            );
            // The signature is right in both cases, and only then is anything told of the passkey.
            let verified = match verified {
                Ok(verified) => Some(verified),
                Err(WebauthnError::CredentialPossibleCompromise) => None,
                Err(why) => return Err(refused(&why)),
            };
            let account = accounts::by_id(&self.core.db, &row.user_id).await?;
            let account = account.filter(|account| account.disabled_at.is_none());
            let account = account.ok_or_else(not_accepted)?;
            if row.suspended_at.is_some() {
                return Err(suspended());
            }
            let Some(verified) = verified else {
                if self.suspend(&row, &challenge_hash, from).await? {
                    return Err(suspended());
                }
                continue;
            };
            credential.update_credential(&verified);
            let credential = json!(credential).to_string();
            let now = self.core.now();
            let mut tx = self.core.db.begin().await?;
            if store::use_once(&mut tx, &row, &credential, &challenge_hash, now).await? {
                tx.commit().await?;
                return Ok(account);
            }
        }
        Err(not_accepted())
    }

    /// Whether it is suspended by this. Whoever has the copy may be signed in: nobody is any more.
    async fn suspend(&self, row: &store::Row, challenge_hash: &[u8], from: IpAddr) -> Result<bool> {
        let mut tx = self.core.db.begin().await?;
        let now = self.core.now();
        if !store::suspend(&mut tx, &row.id, challenge_hash, now).await? {
            return Ok(false);
        }
        let user = &row.user_id;
        sessions::end_all(
            &self.core,
            &mut tx,
            user,
            None,
            SessionEnd::PasskeySuspended,
        )
        .await?;
        let entry = Entry::unattributed(Act::PasskeySuspended)
            .about(user)
            .from_address(from)
            .with_detail(row.id.as_str());
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Whether an answer is that of the person who is asked, and says so (WebAuthn Level 3 §7.2, step 6).
fn is_of(
    answer: &PublicKeyCredential,
    state: &AuthenticationState,
    row: &store::Row,
) -> Result<bool> {
    let expected = handle(&row.user_id)?;
    let is_theirs = answer
        .get_user_unique_id()
        .map(|handle| handle == expected.as_bytes());
    Ok(match &state.user_id {
        Some(user) => *user == row.user_id && is_theirs.unwrap_or(true),
        None => is_theirs.unwrap_or(false),
    })
}

fn suspended() -> Error {
    Error::Forbidden(
        "This passkey is suspended: its counter went back, so somebody may have a copy of it. Sign in \
         another way, remove it from your account and add a new one."
            .to_owned(),
    )
}
