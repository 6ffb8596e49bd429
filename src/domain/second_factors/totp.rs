//! Codes of an authenticator app (RFC 6238): what every app takes, SHA-1, six digits, 30 seconds.

use std::fmt;

use qrcode::{QrCode, render::svg};
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Secret, Totp};
use url::Url;
use zeroize::Zeroizing;

use crate::{
    Core, Error, Result, accounts::Account, clock::Timestamp, ids::UserId, public_url::PublicUrl,
};

/// Bytes of a secret: the length that RFC 4226 §4 recommends.
const SECRET_BYTES: usize = 20;
/// Steps around this moment's whose codes are accepted, for clocks that go wrong (RFC 6238 §5.2).
const SKEW: u16 = 1;
#[cfg(test)]
pub(super) const ACCEPTED_STEPS: u16 = 2 * SKEW + 1;
#[cfg(test)]
pub(super) const CODES: u32 = 1_000_000;
/// Seconds that a person has to set their app up.
const SETUP_SECONDS: i64 = 900;

pub(super) type Plain = Zeroizing<Vec<u8>>;

/// What a person puts into their authenticator app.
#[derive(Clone)]
pub struct TotpSetup {
    /// Base32, in groups of four: to be typed.
    pub secret: String,
    /// `otpauth://totp/…`
    pub uri: String,
    /// The URI as a picture, an `<svg>` element.
    pub qr_svg: String,
}

impl fmt::Debug for TotpSetup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpSetup(redacted)")
    }
}

/// What the session keeps until a code of the app confirms it. The secret in it is sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TotpSetupState {
    pub(super) user_id: UserId,
    pub(super) expires_at: Timestamp,
    pub(super) sealed: Vec<u8>,
}

fn setup_context(user: &UserId) -> String {
    format!("totp setup {user}")
}

/// What a stored secret is sealed with.
pub(super) fn context(user: &str) -> String {
    format!("totp {user}")
}

pub(super) fn begin(core: &Core, account: &Account) -> Result<(TotpSetup, TotpSetupState)> {
    let mut secret = Zeroizing::new(vec![0_u8; SECRET_BYTES]);
    core.random.fill(&mut secret);
    let state = TotpSetupState {
        user_id: account.id.clone(),
        expires_at: core.now().plus_seconds(SETUP_SECONDS),
        sealed: core
            .sealer
            .seal(&*core.random, &setup_context(&account.id), &secret),
    };
    Ok((setup(core, account, &secret)?, state))
}

/// How a secret comes into an app.
pub(super) fn setup(core: &Core, account: &Account, secret: &[u8]) -> Result<TotpSetup> {
    let totp = builder(secret)
        .with_issuer(Some(issuer(&core.public_url)))
        // A label, in which a colon would end the issuer.
        .with_account_name(account.email.replace(':', "_"))
        .build()
        .map_err(|why| Error::corrupt("TOTP secret", why))?;
    let uri = totp
        .to_url()
        .map_err(|why| Error::corrupt("TOTP secret", why))?;
    Ok(TotpSetup {
        secret: in_fours(&base32(secret)),
        qr_svg: picture(&uri)?,
        uri,
    })
}

impl TotpSetupState {
    /// The secret, if it is this person's and still in time.
    pub(super) fn secret(&self, core: &Core, user: &UserId) -> Result<Plain> {
        if self.user_id != *user || self.expires_at <= core.now() {
            return Err(Error::invalid(
                "code",
                "This took too long. Begin again, and scan the new picture.",
            ));
        }
        core.sealer.open(&setup_context(user), &self.sealed)
    }
}

/// The time step that a code is of, if it is one of those that are accepted now.
pub(super) fn step_of(secret: &[u8], code: &str, now: Timestamp) -> Result<Option<i64>> {
    let seconds = u64::try_from(now.seconds()).unwrap_or_default();
    let step = totp(secret)?.check(code, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn totp(secret: &[u8]) -> Result<Totp> {
    builder(secret)
        .build()
        .map_err(|why| Error::corrupt("TOTP secret", why))
}

fn builder(secret: &[u8]) -> Builder {
    Builder::new()
        .with_secret(Secret::new(secret.into()))
        .with_skew(SKEW)
}

/// RFC 4648 §6, without padding.
pub(super) fn base32(bytes: &[u8]) -> String {
    Secret::new(bytes.into()).to_base32()
}

pub(super) fn in_fours(text: &str) -> String {
    let mut grouped = String::with_capacity(text.len() * 5 / 4);
    for (at, letter) in text.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(letter);
    }
    grouped
}

/// What the app calls this instance: whoever uses several tells them apart.
fn issuer(public_url: &PublicUrl) -> String {
    let url = Url::parse(public_url.origin()).ok();
    match url.as_ref().and_then(Url::domain) {
        Some(name) => format!("TengineAI ({name})"),
        None => "TengineAI".to_owned(),
    }
}

fn picture(uri: &str) -> Result<String> {
    let code = QrCode::new(uri).map_err(|why| Error::corrupt("QR code", why))?;
    let svg = code
        .render::<svg::Color<'_>>()
        .min_dimensions(200, 200)
        .build();
    // Without the declaration before it, which is not for a page.
    Ok(svg
        .split_once("<svg")
        .map_or_else(String::new, |(_, rest)| format!("<svg{rest}")))
}

/// A code as an app shows it now, for stories.
#[cfg(test)]
pub(crate) fn code_at(secret: &str, seconds: i64) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(seconds.try_into().unwrap()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238 Appendix B, the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let secret = b"12345678901234567890";
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Timestamp(seconds * 1_000);
            assert_eq!(step_of(secret, code, now).unwrap(), Some(seconds / 30));
            let late = now.plus_seconds(30);
            assert_eq!(step_of(secret, code, late).unwrap(), Some(seconds / 30));
            assert_eq!(step_of(secret, code, now.plus_seconds(90)).unwrap(), None);
            for wrong in ["", "+12345", "28708", "2870820", "１２３４５６"] {
                assert_eq!(step_of(secret, wrong, now).unwrap(), None, "{wrong}");
            }
        }
    }
}
