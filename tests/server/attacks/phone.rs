//! A phone with an authenticator app, by RFC 6238 and nothing of ours.

use aws_lc_rs::hmac;
use axum::http::StatusCode;

use crate::app::{Answer, TestApp};

pub struct Phone {
    secret: Vec<u8>,
}

impl Phone {
    /// Adds one to the account that is signed in, through its pages; with the codes for the day on which
    /// it is lost.
    pub async fn added(app: &TestApp) -> (Self, Vec<String>) {
        let page = app.get("/account/authenticator").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let phone = Self::of(&page);
        let (csrf, code) = (page.hidden("csrf"), phone.code(app));
        let fields = [("csrf", csrf.as_str()), ("code", code.as_str())];
        let answer = app.form("/account/authenticator", &fields).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        (phone, codes(&answer))
    }

    /// One that scans the page.
    pub fn of(page: &Answer) -> Self {
        let secret = page.body.split("secret=").nth(1).unwrap();
        let secret = secret.split(['&', '"']).next().unwrap();
        Self {
            secret: base32(secret),
        }
    }

    /// What it shows at this moment (RFC 6238 §4.2, RFC 4226 §5.3).
    pub fn code(&self, app: &TestApp) -> String {
        let step = app.services.core.now().seconds() / 30;
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.secret);
        let mac = hmac::sign(&key, &step.to_be_bytes());
        let mac = mac.as_ref();
        let at = usize::from(mac[19] & 15);
        let number = u32::from_be_bytes(mac[at..at + 4].try_into().unwrap()) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }
}

/// The recovery codes of the page that shows them once.
pub fn codes(page: &Answer) -> Vec<String> {
    let items = page.body.split("<li class=\"mono\">").skip(1);
    items
        .map(|item| item.split('<').next().unwrap().to_owned())
        .collect()
}

/// RFC 4648 §6.
fn base32(text: &str) -> Vec<u8> {
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for c in text.bytes() {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'2'..=b'7' => c - b'2' + 26,
            other => panic!("{other} is no base32"),
        };
        bits = bits << 5 | u32::from(value);
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    bytes
}
