//! Signing up where anybody may and there is a mail server: by a link that goes to the address. Who asks
//! hears the same for every address, and no account is made before it is shown whose it is. The link
//! holds what it needs, sealed: a stranger leaves no row behind.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Accounts, SignUpState, checked_email, store::by_email};
use crate::{
    Core, Error, Result,
    clock::Timestamp,
    crypto::{base64url, from_base64url},
    invitations,
    mail::{self, Mail},
    recovery::LinkKind,
};

/// What a link's token is sealed with, so that nothing else that is sealed is one.
const CONTEXT: &str = "sign-up link";
/// How long a link works. Seconds.
const LIFE: i64 = 86_400;

#[derive(Serialize, Deserialize)]
struct Link {
    email: String,
    expires_at: Timestamp,
}

impl Accounts {
    /// Sends a link to an address, by which its owner makes an account; or, where there is one, word that
    /// somebody tried. `next` is where the person goes afterwards, a path of ours; `invitation` is what
    /// lets them in where not anybody may.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `email`, [`Error::Forbidden`] where sign-up is not by mail,
    /// [`Error::NotFound`] for an invitation that does not work, [`Error::Throttled`]; alike for every
    /// address that the invitation is for.
    pub async fn ask_to_sign_up(
        &self,
        email: &str,
        next: Option<&str>,
        invitation: Option<&str>,
        from: IpAddr,
    ) -> Result<()> {
        let state = match invitation {
            Some(token) => self.sign_up_state_with(token).await?,
            None => self.sign_up_state().await?,
        };
        if state != SignUpState::ByMail {
            return Err(Self::closed());
        }
        let now = self.core.now();
        self.throttle.asker(from, now)?;
        let email = checked_email(email)?;
        if let Some(token) = invitation {
            invitations::check_for_sign_up(&self.core, token, Some(&email)).await?;
        }
        self.check_domain(&email).await?;
        if self.throttle.mail_to(LinkKind::SignUp, &email, now) {
            let core = self.core.clone();
            let next = next.map(ToOwned::to_owned);
            self.core.mailer.later_shared(async move {
                mail_to(&core, &email, next.as_deref())
                    .await
                    .inspect_err(|error| tracing::error!(%error, "a mail could not be written"))
                    .ok()
            });
        }
        Ok(())
    }

    /// The token of a link, without the mail that brings it.
    ///
    /// # Errors
    /// [`Error::Corrupt`], which would be a bug.
    #[cfg(any(test, feature = "test-support"))]
    pub fn sign_up_link(&self, email: &str) -> Result<String> {
        token(&self.core, email)
    }

    /// The address that a link was sent to.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `link`, alike for every one that does not work.
    pub fn address_of_link(&self, token: &str) -> Result<String> {
        let opened = from_base64url(token.trim())
            .and_then(|sealed| self.core.sealer.open(CONTEXT, &sealed).ok())
            .and_then(|plain| serde_json::from_slice::<Link>(&plain).ok());
        opened
            .filter(|link| link.expires_at > self.core.now())
            .map(|link| link.email)
            .ok_or_else(|| Error::invalid("link", "This link is too old, or is not whole."))
    }
}

fn token(core: &Core, email: &str) -> Result<String> {
    let link = Link {
        email: email.to_owned(),
        expires_at: core.now().plus_seconds(LIFE),
    };
    let plain = serde_json::to_vec(&link).map_err(|why| Error::corrupt("sign-up link", why))?;
    Ok(base64url(&core.sealer.seal(&*core.random, CONTEXT, &plain)))
}

async fn mail_to(core: &Core, email: &str, next: Option<&str>) -> Result<Mail> {
    if by_email(&core.db, email).await?.is_some() {
        return Ok(mail::somebody_signed_up(email, &core.public_url));
    }
    let token = token(core, email)?;
    let mut url = format!("{}/sign-up?token={token}", core.public_url.origin());
    if let Some(next) = next {
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        url.push_str("&next=");
        url.push_str(&next);
    }
    Ok(mail::sign_up(email, &core.public_url, &url))
}
