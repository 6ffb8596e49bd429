//! The guide at /docs/custom-tools, held to what is so: its snippets run against real requests, and
//! it names all that a tool can be.

#[expect(
    clippy::disallowed_methods,
    reason = "an endpoint has no Clock of ours"
)]
#[path = "../../../app/src/pages/docs/custom_tools/snippets/verify.rs"]
mod verify;
#[path = "../../../app/src/pages/docs/custom_tools/snippets/webhook.rs"]
mod webhook;

mod cases;
mod page;
mod receivers;
mod requests;
mod wire;

use cases::Case;
use receivers::{Receiver, Snippet};
use requests::Real;

const SECRET: &str = "signing-secret";
const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER_WEBHOOK_SECRET: &str = "whsec_dG8gc2lnbiB3aXRoIHNvbWV0aGluZyBlbHNl";

#[tokio::test]
async fn the_guides_let_in_what_we_signed_and_nothing_else() {
    let real = Real::requests("hmac_signature", SECRET, "another-secret").await;
    let receivers = Receiver::all(Snippet::Verify, SECRET).await;
    hold(&receivers, &cases::signed(&real)).await;
    real.call(&receivers).await;
}

#[tokio::test]
async fn the_guides_let_in_what_we_sign_as_a_webhook_and_nothing_else() {
    let real = Real::requests("standard_webhooks", WEBHOOK_SECRET, OTHER_WEBHOOK_SECRET).await;
    let receivers = Receiver::all(Snippet::Webhook, WEBHOOK_SECRET).await;
    hold(&receivers, &cases::webhooks(&real)).await;
    real.call(&receivers).await;
}

/// The same table for each.
async fn hold(receivers: &[Receiver], cases: &[Case]) {
    for Receiver {
        language, address, ..
    } in receivers
    {
        for case in cases {
            let status = case.request.send(*address).await;
            let expected = if case.is_ours { 204 } else { 401 };
            assert_eq!(status, expected, "{language}: {}", case.name);
        }
    }
}
