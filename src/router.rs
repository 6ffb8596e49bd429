//! Every route, and what its requests pass through.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{
    account, api, connect, health, mcp, middleware, oauth,
    session::{
        self, confirm, confirm_email, invite, passkey, provider, recover, second_step, sign_in,
        sign_out, sign_up,
    },
    state::AppState,
    web,
};

/// Bytes of the forms that strangers send.
const ACCOUNT_FORM_BYTES: usize = 16 * 1024;

/// The whole server.
pub fn router(state: AppState) -> Router {
    // What people open in a browser: with a session, and safe from other sites' pages.
    let accounts = Router::new()
        .route("/sign-in", get(sign_in::get).post(sign_in::post))
        .route("/sign-up", get(sign_up::get).post(sign_up::post))
        .route("/sign-out", post(sign_out::post))
        .route("/confirm", get(confirm::get).post(confirm::post))
        .route("/confirm/challenge", post(confirm::begin))
        .route("/confirm/passkey", post(confirm::passkey))
        .route("/sign-in/passkey", post(passkey::post))
        .route("/sign-in/passkey/challenge", post(passkey::begin))
        .route(
            "/sign-in/second-step",
            get(second_step::get).post(second_step::post),
        )
        .route("/sign-in/second-step/challenge", post(second_step::begin))
        .route("/sign-in/second-step/passkey", post(second_step::passkey))
        .route("/sign-in/with/{provider}", post(provider::post))
        .route("/sign-in/with/{provider}/callback", get(provider::callback))
        .route("/recover", get(recover::get).post(recover::ask))
        .route("/recover/code", post(recover::by_code))
        .route("/recover/reset", post(recover::reset))
        .route(
            "/confirm-email",
            get(confirm_email::get).post(confirm_email::post),
        )
        .route("/invite/{token}", get(invite::get).post(invite::post))
        .layer(DefaultBodyLimit::max(ACCOUNT_FORM_BYTES));
    let pages = Router::new()
        .merge(accounts)
        .merge(oauth::page_routes())
        .merge(connect::routes())
        .merge(account::routes())
        .merge(web::routes(&state).layer(CompressionLayer::new()))
        .layer(session::layer(&state))
        .layer(from_fn(middleware::never_stored))
        .layer(from_fn_with_state(state.clone(), middleware::same_origin));
    let usual = Router::new()
        .merge(pages)
        .merge(oauth::public_routes())
        .merge(api::routes(&state))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .merge(web::assets().layer(CompressionLayer::new()))
        .layer(from_fn_with_state(
            state.clone(),
            middleware::security_headers,
        ))
        .layer(from_fn_with_state(
            state.clone(),
            middleware::client_address,
        ))
        .layer(from_fn(middleware::theme))
        .layer(from_fn(middleware::readable_path))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(middleware::read_unread_body))
        .layer(from_fn(middleware::body_in_time))
        .layer(from_fn_with_state(state.clone(), middleware::request_id));
    // What models ask all day passes through no layer: its answers are no pages, and it reads its
    // bodies to the end by itself.
    usual.merge(mcp::routes()).with_state(state)
}
