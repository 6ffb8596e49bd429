//! Puts a token on a request that another server handed out.

use bytes::Bytes;
use http::{HeaderValue, Request, header};
use http_body_util::Full;

use super::{Caller, mask::Mask, result::Ended};
use crate::{
    Error,
    calls::Outcome,
    ids::VaultSecretId,
    tools::{AuthStrategy, Tool, ToolSecret},
    upstream::{NoToken, Token, TokenFor, Upstream},
};

/// Whose token a call needs; `None` where its strategy is another.
///
/// # Errors
/// [`Error::Corrupt`] where the stored tool has no client.
pub(super) fn needed(caller: &Caller, tool: &Tool) -> Result<Option<TokenFor>, Error> {
    let person = match tool.auth_strategy {
        AuthStrategy::OAuth2ClientCredentials => None,
        AuthStrategy::OAuth2AuthorizationCode => {
            let member = caller.member.as_ref();
            let missing = || Error::corrupt("call", "it has no person to act for");
            Some(member.ok_or_else(missing)?.id.clone())
        }
        _ => return Ok(None),
    };
    match &tool.auth_secret {
        Some(ToolSecret::Named(secret)) if secret.may_go_to(&tool.base_url) => Ok(Some(TokenFor {
            secret: (**secret).clone(),
            person,
        })),
        _ => Err(Error::corrupt("tool", "it has no client for this base_url")),
    }
}

/// The token that was put on, or the end of the call where there is none. Whether something was sent
/// before is for the caller to say.
pub(super) async fn put_on(
    upstream: &Upstream,
    of: &TokenFor,
    request: &mut Request<Full<Bytes>>,
    mask: &mut Mask,
) -> Result<Token, Ended> {
    let token = match upstream.token(of).await {
        Ok(token) => token,
        Err(none) => return Err(ended(upstream, &of.secret.id, &of.secret.name, none)),
    };
    mask.hide(token.value.as_bytes().to_vec());
    let value = HeaderValue::try_from(format!("Bearer {}", token.value.as_str()));
    let Ok(mut value) = value else {
        let why = NoToken::Refused("its token is not one that a header takes".to_owned());
        return Err(ended(upstream, &of.secret.id, &of.secret.name, why));
    };
    value.set_sensitive(true);
    request.headers_mut().insert(header::AUTHORIZATION, value);
    Ok(token)
}

fn ended(upstream: &Upstream, id: &VaultSecretId, name: &str, none: NoToken) -> Ended {
    match none {
        NoToken::NotConnected { again } => {
            let url = upstream.connect_url(id);
            let what = if again {
                "has ended"
            } else {
                "is not there yet"
            };
            Ended::told(
                Outcome::ConnectionRequired,
                format!(
                    "This tool acts with the person's own account ({name}), and the connection to it \
                     {what}. Ask them to open {url} in their browser and connect the account; then \
                     call the tool again."
                ),
                format!("The person's connection to {name} {what}."),
            )
        }
        NoToken::Refused(why) => Ended::failed(
            Outcome::NoToken,
            format!("The authorization server of {name} gave no token: {why}."),
        ),
        NoToken::Unreachable(why) => Ended::failed(
            Outcome::NoToken,
            format!("The authorization server of {name} could not be asked for a token: {why}."),
        ),
        NoToken::Failed(error) => {
            tracing::error!(%error, secret = %id, "a token could not be looked up");
            Ended::failed(
                Outcome::NoToken,
                format!("The token for {name} could not be looked up; the server's log says why."),
            )
        }
    }
}
