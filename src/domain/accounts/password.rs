//! Passwords: argon2id (RFC 9106) with OWASP's parameters, off the async threads.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};

use tokio::sync::Semaphore;

use super::guessable;
use crate::{Core, Error, Result};

const SHORTEST: usize = 10;
/// Longer inputs only cost us hashing time.
const LONGEST: usize = 200;

/// 19 MiB, 2 passes, 1 lane: the first of the OWASP cheat sheet's equivalent settings.
fn argon2id() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).expect("these parameters are in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Verified against where there is no account, so that a stranger cannot time which emails exist.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    let salt = SaltString::encode_b64(&[0; 16]).expect("16 bytes make a salt");
    argon2id()
        .hash_password(b"nobody has this password", &salt)
        .expect("a fixed password can be hashed")
        .to_string()
});

/// Whether somebody may have it as their password. `email` is a checked one.
pub(super) async fn check_rules(password: &str, email: &str) -> Result<()> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(Error::invalid(
            "password",
            format!("Use at least {SHORTEST} characters; three or four words make a good one."),
        ));
    }
    if password.len() > LONGEST {
        return Err(Error::invalid(
            "password",
            format!("Use at most {LONGEST} characters."),
        ));
    }
    if password.to_lowercase() == email {
        return Err(Error::invalid(
            "password",
            "Use something else than your email address.",
        ));
    }
    let (password, email) = (password.to_owned(), email.to_owned());
    off_the_async_threads(move || guessable::check(&password, &email)).await
}

pub(super) async fn hash(core: &Core, password: &str) -> Result<String> {
    let mut salt = [0_u8; 16];
    core.random.fill(&mut salt);
    let password = password.to_owned();
    off_the_async_threads(move || {
        let salt = SaltString::encode_b64(&salt).map_err(|why| Error::corrupt("salt", why))?;
        argon2id()
            .hash_password(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
            .map_err(|why| Error::corrupt("password", why))
    })
    .await
}

/// `hash` is empty for an account without a password, which no password opens.
pub(super) async fn verify(password: &str, hash: Option<String>) -> Result<bool> {
    if password.len() > LONGEST {
        return Ok(false);
    }
    let password = password.to_owned();
    // An account without a password has an empty one, which no password matches.
    let hash = hash.filter(|hash| !hash.is_empty());
    off_the_async_threads(move || {
        let has_password = hash.is_some();
        let stored = hash.unwrap_or_else(|| NOBODY.clone());
        let parsed =
            PasswordHash::new(&stored).map_err(|why| Error::corrupt("password hash", why))?;
        let matches = argon2id()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok();
        Ok(matches && has_password)
    })
    .await
}

/// Whether a stored hash was made with other parameters than today's.
pub(super) fn needs_rehash(stored: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(stored) else {
        return false;
    };
    let today = argon2id();
    let today = today.params();
    let is_todays = parsed.algorithm == Algorithm::Argon2id.ident()
        && parsed.version == Some(Version::V0x13.into())
        && Params::try_from(&parsed).is_ok_and(|params| {
            (params.m_cost(), params.t_cost(), params.p_cost())
                == (today.m_cost(), today.t_cost(), today.p_cost())
        });
    !is_todays
}

/// Hashes at once: each takes 19 MiB and a core.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

async fn off_the_async_threads<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    #[cfg(test)]
    crate::db::work::hash();
    let permit = AT_ONCE
        .acquire()
        .await
        .map_err(|why| Error::corrupt("hashing task", why))?;
    let work = move || {
        // Held until the work ends, also when nobody waits for it any more.
        let _permit = permit;
        work()
    };
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(Error::corrupt("hashing task", stopped)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_password_of_nobody_opens_no_account_without_one() {
        const NOBODYS: &str = "nobody has this password";
        let parsed = PasswordHash::new(&NOBODY).unwrap();
        let is_nobodys = argon2id().verify_password(NOBODYS.as_bytes(), &parsed);
        assert!(is_nobodys.is_ok());
        for hash in [None, Some(String::new())] {
            assert!(!verify(NOBODYS, hash.clone()).await.unwrap());
            assert!(!verify("", hash).await.unwrap());
        }
        assert!(verify(NOBODYS, Some(NOBODY.clone())).await.unwrap());
    }
}
