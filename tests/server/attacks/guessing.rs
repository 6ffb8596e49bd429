//! Guessing passwords and codes, from one network and from many.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{StatusCode, header, request::Builder},
};
use domain::integrations::Approval;

use crate::app::{Answer, EMAIL, Options, PASSWORD, TestApp, encoded, form};

/// The same request from this peer.
pub fn from(request: Builder, peer: [u8; 4]) -> Builder {
    request.extension(ConnectInfo(SocketAddr::from((peer, 50_000))))
}

async fn limited() -> TestApp {
    let options = Options {
        limits: true,
        ..Options::default()
    };
    let app = TestApp::with_settings(options).await;
    app.bootstrap(Approval::Ask).await;
    app
}

/// A form of somebody who says that they come from everywhere.
async fn sends(
    app: &TestApp,
    peer: [u8; 4],
    path: &str,
    fields: &[(&str, &str)],
    number: usize,
) -> Answer {
    let mut fields = fields.to_vec();
    fields.push(("csrf", "token"));
    let forged = format!("203.0.{}.{}", number / 250, number % 250);
    let request = from(form(path), peer)
        .header(header::COOKIE, "tengine_form=token")
        .header("x-forwarded-for", &forged)
        .header("forwarded", format!("for={forged}"))
        .header("x-real-ip", &forged)
        .header("cf-connecting-ip", forged);
    app.send(request.body(Body::from(encoded(&fields))).unwrap())
        .await
}

async fn signs_in(
    app: &TestApp,
    peer: [u8; 4],
    email: &str,
    password: &str,
    number: usize,
) -> StatusCode {
    let fields = [("email", email), ("password", password)];
    sends(app, peer, "/sign-in", &fields, number).await.status
}

const THIEF: [u8; 4] = [198, 51, 100, 7];
const HOME: [u8; 4] = [192, 0, 2, 1];

/// OWASP ASVS 6.3.1: guessing one account's password is slowed down whatever address the guesser claims,
/// and its owner gets in meanwhile, from elsewhere at once.
#[tokio::test]
async fn guessing_with_forged_addresses_is_slowed_down_and_the_owner_gets_in() {
    let app = limited().await;
    let mut statuses = Vec::new();
    for guess in 0..30 {
        statuses.push(signs_in(&app, THIEF, EMAIL, &format!("guess {guess}"), guess).await);
    }
    let tries = statuses
        .iter()
        .filter(|status| **status == StatusCode::UNAUTHORIZED)
        .count();
    assert_eq!(tries, 10, "{statuses:?}");
    assert_eq!(
        signs_in(&app, THIEF, EMAIL, PASSWORD, 99).await,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(
        signs_in(&app, HOME, EMAIL, PASSWORD, 0).await,
        StatusCode::SEE_OTHER
    );
}

/// OWASP ASVS 6.3.1: a guesser with as many networks as they like is slowed down, too; the owner, who came
/// from this network before, does not notice.
#[tokio::test]
async fn guessing_from_many_networks_keeps_no_owner_out() {
    let app = limited().await;
    assert_eq!(
        signs_in(&app, HOME, EMAIL, PASSWORD, 0).await,
        StatusCode::SEE_OTHER
    );
    let mut refused = 0;
    for guess in 0..=130_u8 {
        let status = signs_in(
            &app,
            [198, 51, guess, 7],
            EMAIL,
            "guess",
            usize::from(guess),
        )
        .await;
        refused += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused >= 20, "{refused}");
    assert_eq!(
        signs_in(&app, [203, 0, 113, 9], EMAIL, PASSWORD, 0).await,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(
        signs_in(&app, HOME, EMAIL, PASSWORD, 0).await,
        StatusCode::SEE_OTHER
    );
}

/// OWASP ASVS 6.3.1: one password tried on everyone is slowed down per network, whatever address the
/// sprayer claims; a colleague elsewhere gets in.
#[tokio::test]
async fn spraying_with_forged_addresses_is_slowed_down() {
    let app = limited().await;
    let mut tries = 0;
    for number in 0..90 {
        let email = format!("person{number}@example.com");
        let status = signs_in(&app, THIEF, &email, "Password1", number).await;
        tries += usize::from(status == StatusCode::UNAUTHORIZED);
    }
    assert_eq!(tries, 40);
    assert_eq!(
        signs_in(&app, HOME, EMAIL, PASSWORD, 0).await,
        StatusCode::SEE_OTHER
    );
}

/// OWASP ASVS 6.3.1 and 6.4.4: so are the ways that lead around the password: recovery codes, tokens of links
/// and of invitations.
#[tokio::test]
async fn guessing_the_ways_around_a_password_is_slowed_down() {
    let app = limited().await;
    let code = [
        ("email", EMAIL),
        ("code", "AAAA-AAAA-AAAA-AAAA"),
        ("password", "another battery"),
    ];
    let ways: [(&str, &[(&str, &str)]); 3] = [
        ("/recover/code", &code),
        ("/recover/reset?token=tng_link_guess", &[]),
        ("/sign-in/passkey/challenge", &[]),
    ];
    for (number, (path, fields)) in ways.into_iter().enumerate() {
        let peer = [198, 51, 100 + u8::try_from(number).unwrap(), 7];
        let mut last = StatusCode::OK;
        for guess in 0..80 {
            last = sends(&app, peer, path, fields, guess).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS, "{path}");
    }
    for guess in 0..200 {
        let path = format!("/invite/tng_inv_{guess:043}");
        let request = from(axum::http::Request::get(path), [198, 51, 120, 7]);
        let answer = app.send(request.body(Body::empty()).unwrap()).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            return;
        }
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    panic!("invitations are guessed without an end");
}
