//! The session's token against forged forms.
//!
//! Pages are compressed and repeat what addresses say: of a text that is the same in each of them, whoever can
//! have a browser ask for pages and sees how long the answers are would learn it letter by letter (BREACH). So
//! each page has it under a pad of its own.

use domain::{
    Services,
    crypto::{base64url, equal_in_constant_time, from_base64url},
};
use tower_sessions::{Session, session::Error};

/// The session's key for the token.
const TOKEN: &str = "csrf";
const BYTES: usize = 32;

/// The token for a form, made with the first form that needs it.
///
/// # Errors
/// Where the session cannot be read or written.
pub async fn csrf_of(services: &Services, session: &Session) -> Result<String, Error> {
    let random = || {
        let mut bytes = [0; BYTES];
        services.core.random.fill(&mut bytes);
        bytes
    };
    let known: Option<String> = session.get(TOKEN).await?;
    let token = match known.as_deref().and_then(from_base64url) {
        Some(token) => token,
        None => {
            let token = random();
            session.insert(TOKEN, base64url(&token)).await?;
            token.to_vec()
        }
    };
    Ok(padded(&token, random()))
}

/// Whether a form sent the session's token.
pub async fn csrf_is_of(session: &Session, given: &str) -> bool {
    let known: Option<String> = session.get(TOKEN).await.unwrap_or_default();
    known
        .as_deref()
        .and_then(from_base64url)
        .zip(bare(given))
        .is_some_and(|(known, given)| equal_in_constant_time(&known, &given))
}

/// The pad, and the token under it.
fn padded(token: &[u8], pad: [u8; BYTES]) -> String {
    let under = token.iter().zip(pad).map(|(byte, pad)| byte ^ pad);
    base64url(&pad.into_iter().chain(under).collect::<Vec<u8>>())
}

fn bare(given: &str) -> Option<Vec<u8>> {
    let given = from_base64url(given)?;
    let (pad, under) = given.split_at_checked(BYTES)?;
    (under.len() == BYTES).then(|| {
        under
            .iter()
            .zip(pad)
            .map(|(byte, pad)| byte ^ pad)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_another_text_on_each_page_and_the_same_under_it() {
        let token = [7; BYTES];
        let (one, other) = (padded(&token, [1; BYTES]), padded(&token, [2; BYTES]));
        assert_ne!(one, other);
        assert_eq!(bare(&one).as_deref(), Some(&token[..]));
        assert_eq!(bare(&other).as_deref(), Some(&token[..]));
        for strange in ["", "AAAA", &base64url(&token), "no base64!"] {
            assert_eq!(bare(strange), None, "{strange}");
        }
        assert_eq!(bare(&base64url(&[0; 3 * BYTES])), None);
    }
}
