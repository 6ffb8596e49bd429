//! Access tokens: JWTs by RFC 9068, signed with ES256.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::{Grant, Grants, Scopes, signing_keys::SigningKey};
use crate::{
    Error, Result,
    ids::{self, GrantId},
};

/// RFC 9068 §2.1.
const TYPE: &str = "at+jwt";

/// The claims of RFC 9068 §2.2, and the grant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: String,
    pub(super) aud: Vec<String>,
    /// The person, or the client where no person is behind the grant.
    pub(super) sub: String,
    pub(super) client_id: String,
    /// Seconds since the Unix epoch.
    pub(super) iat: i64,
    pub(super) exp: i64,
    pub(super) jti: String,
    pub(super) scope: String,
    pub(super) grant: GrantId,
    /// The key that signed them, by the token's header.
    #[serde(skip)]
    pub(super) kid: String,
}

/// Why a token is not one of ours for this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessTokenError {
    #[error("The access token is malformed or not signed by this server")]
    Malformed,
    #[error("The access token expired")]
    Expired,
    #[error("The access token is for another resource")]
    WrongAudience,
}

impl Grants {
    pub(super) fn sign_access_token(
        &self,
        key: &SigningKey,
        grant: &Grant,
        scopes: Scopes,
    ) -> Result<String> {
        let now = self.core.now().seconds();
        let claims = Claims {
            iss: self.core.public_url.origin().to_owned(),
            aud: grant.audience.clone(),
            sub: grant.subject().to_owned(),
            client_id: grant.client_id.clone(),
            iat: now,
            exp: now + self.core.lifetimes.access_token,
            jti: ids::uuid_v7(&*self.core.clock, &*self.core.random).to_string(),
            scope: scopes.to_string(),
            grant: grant.id.clone(),
            kid: key.kid.clone(),
        };
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(key.kid.clone()),
            ..Header::new(Algorithm::ES256)
        };
        let signing = EncodingKey::from_ec_der(&key.private_key);
        jsonwebtoken::encode(&header, &claims, &signing)
            .map_err(|why| Error::corrupt("signing key", why))
    }

    /// The claims of a token that we signed and that lives, whatever it is for.
    pub(super) async fn access_token_claims(
        &self,
        token: &str,
    ) -> Result<Result<Claims, AccessTokenError>> {
        let Ok(header) = jsonwebtoken::decode_header(token) else {
            return Ok(Err(AccessTokenError::Malformed));
        };
        // The algorithm is ours to choose, never the token's (RFC 8725 §3.1).
        if header.alg != Algorithm::ES256 || header.typ.as_deref() != Some(TYPE) {
            return Ok(Err(AccessTokenError::Malformed));
        }
        let Some(kid) = header.kid else {
            return Ok(Err(AccessTokenError::Malformed));
        };
        let Some(key) = self.keys.verifying(&kid).await? else {
            return Ok(Err(AccessTokenError::Malformed));
        };
        let claims = self.check_claims(token, &key);
        Ok(claims.map(|claims| Claims { kid, ..claims }))
    }

    fn check_claims(&self, token: &str, key: &DecodingKey) -> Result<Claims, AccessTokenError> {
        let mut validation = Validation::new(Algorithm::ES256);
        // Time and audience are compared by us: by our clock, and with errors of their own.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.set_issuer(&[self.core.public_url.origin()]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation)
            .map_err(|_| AccessTokenError::Malformed)?
            .claims;
        if claims.exp <= self.core.now().seconds() {
            return Err(AccessTokenError::Expired);
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        accounts::SignUpPolicy,
        contract::{
            World,
            connecting::{connected, connection, shared},
        },
        db::testing::TestDatabase,
        grants::{BearerError, ToolRule},
        integrations::Approval,
    };

    /// RFC 9068 §4, RFC 8725 §3.9 and §3.11: our signature alone is not enough.
    #[tokio::test]
    async fn what_our_own_key_signed_is_refused_as_another_kind_or_of_another_issuer() {
        let database = TestDatabase::sqlite().await;
        let world = World::new(database, SignUpPolicy::Open);
        let connection = connection(&world, Approval::Ask).await;
        let good = connected(&world, &connection, ToolRule::All)
            .await
            .access_token;
        let grants = &world.services.grants;
        let key = grants.keys.current().await.unwrap();
        let claims = grants.access_token_claims(&good).await.unwrap().unwrap();
        let signed = |typ: Option<&str>, claims: &Claims| {
            let header = Header {
                typ: typ.map(ToOwned::to_owned),
                kid: Some(key.kid.clone()),
                ..Header::new(Algorithm::ES256)
            };
            let signing = EncodingKey::from_ec_der(&key.private_key);
            jsonwebtoken::encode(&header, claims, &signing).unwrap()
        };
        let is_taken = async |token: &str| match grants.bearer(token, &shared(&world)).await {
            Ok(_) => true,
            Err(BearerError::InvalidToken(_)) => false,
            Err(other) => panic!("{other}"),
        };
        assert!(is_taken(&signed(Some(TYPE), &claims)).await);
        for typ in [None, Some("JWT"), Some("id_token+jwt"), Some("logout+jwt")] {
            assert!(!is_taken(&signed(typ, &claims)).await, "{typ:?}");
        }
        let elsewhere = |change: &dyn Fn(&mut Claims)| {
            let mut claims = claims.clone();
            change(&mut claims);
            signed(Some(TYPE), &claims)
        };
        for forged in [
            elsewhere(&|claims| claims.iss = "https://evil.example".to_owned()),
            elsewhere(&|claims| claims.aud = vec!["https://evil.example/mcp/".to_owned()]),
            elsewhere(&|claims| claims.aud = Vec::new()),
            elsewhere(&|claims| claims.exp = claims.iat),
            elsewhere(&|claims| claims.grant = GrantId::from("grt_nothing")),
        ] {
            assert!(!is_taken(&forged).await);
        }
    }
}
