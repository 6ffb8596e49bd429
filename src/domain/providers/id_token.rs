//! Whether an ID token is the provider's word about whoever came back (OpenID Connect Core §3.1.3.7).

use std::time::{Duration, UNIX_EPOCH};

use oauth2::ClientId;
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, IdTokenClaims, IssuerUrl, Nonce, OAuth2TokenResponse,
    SignatureVerificationError,
    core::{CoreGenderClaim, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreTokenType},
};

use super::{
    Cause,
    discovery::ALGORITHMS,
    failure::Fault,
    finish::SKEW,
    openid::{Answer, Workspace},
};
use crate::clock::Timestamp;

/// Seconds after which an ID token was not issued for who comes now.
const OLDEST: i64 = 600;

pub(super) type Claims = IdTokenClaims<Workspace, CoreGenderClaim>;

/// A token endpoint's answer, and what its ID token has to fit.
pub(super) struct Proof<'a> {
    pub(super) answer: &'a Answer,
    pub(super) client_id: &'a str,
    pub(super) issuer: &'a IssuerUrl,
    pub(super) nonce: &'a str,
    pub(super) now: Timestamp,
}

/// Why it proves nothing.
#[derive(Debug)]
pub(super) enum Rejected {
    /// None of the keys is the one that it names.
    UnknownKey,
    Fault(Fault),
}

impl<'a> Proof<'a> {
    pub(super) fn claims(&self, keys: &CoreJsonWebKeySet) -> Result<&'a Claims, Rejected> {
        if !matches!(self.answer.token_type(), CoreTokenType::Bearer) {
            return Err(fault(
                Cause::TokenAnswer,
                "it hands out tokens of a type other than Bearer",
            ));
        }
        let token = self
            .answer
            .extra_fields()
            .id_token()
            .ok_or_else(|| fault(Cause::NoIdToken, "its answer has no ID token"))?;
        let verifier = self.verifier(keys);
        let nonce = Nonce::new(self.nonce.to_owned());
        let claims = token
            .claims(&verifier, &nonce)
            .map_err(|error| rejected(&error))?;
        // §3.1.3.7, 5: the library leaves it to us.
        if claims
            .authorized_party()
            .is_some_and(|party| party.as_str() != self.client_id)
        {
            return Err(fault(
                Cause::IdTokenAudience,
                "it was issued to another client (azp)",
            ));
        }
        if let Some(hash) = claims.access_token_hash() {
            let of_token = token.signing_alg().ok().and_then(|algorithm| {
                let key = token.signing_key(&verifier).ok()?;
                AccessTokenHash::from_token(self.answer.access_token(), algorithm, key).ok()
            });
            if of_token.as_ref() != Some(hash) {
                return Err(fault(
                    Cause::IdTokenAccessToken,
                    "it belongs to another access token (at_hash)",
                ));
            }
        }
        Ok(claims)
    }

    /// One that takes only keys of the provider: with a secret, the library would take it for a key.
    fn verifier(&self, keys: &CoreJsonWebKeySet) -> CoreIdTokenVerifier<'static> {
        let now = self.now.seconds();
        let before = u64::try_from(now - SKEW).unwrap_or_default();
        CoreIdTokenVerifier::new_public_client(
            ClientId::new(self.client_id.to_owned()),
            self.issuer.clone(),
            keys.clone(),
        )
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || (UNIX_EPOCH + Duration::from_secs(before)).into())
        .set_issue_time_verifier_fn(move |issued_at| {
            let age = now - issued_at.timestamp();
            if (-SKEW..=OLDEST + SKEW).contains(&age) {
                Ok(())
            } else {
                Err(format!("it was issued {age} s ago"))
            }
        })
    }
}

fn fault(cause: Cause, detail: impl AsRef<str>) -> Rejected {
    Rejected::Fault(Fault::new(cause, detail))
}

fn rejected(error: &ClaimsVerificationError) -> Rejected {
    use ClaimsVerificationError as E;
    let cause = match error {
        E::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            return Rejected::UnknownKey;
        }
        E::SignatureVerification(why) => {
            return fault(
                Cause::IdTokenSignature,
                format!("its ID token is not accepted: {why}"),
            );
        }
        E::Expired(_) => Cause::IdTokenTime,
        E::InvalidAudience(_) => Cause::IdTokenAudience,
        E::InvalidIssuer(_) => Cause::IdTokenIssuer,
        E::InvalidNonce(_) => Cause::IdTokenNonce,
        _ => Cause::IdToken,
    };
    fault(cause, format!("its ID token is not accepted: {error}"))
}
