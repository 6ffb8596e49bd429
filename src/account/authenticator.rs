//! GET and POST /account/authenticator: adding an authenticator app.

use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Error,
    second_factors::{TotpSetup, TotpSetupState},
    sessions::SignedIn,
};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::{fresh, fresh_by_form, recovery_codes};
use crate::{
    middleware::Visitor,
    session::{PlainForm, failed},
    state::AppState,
    web::{self, page_error, with_retry_after},
};

/// Where the session keeps what is being set up.
const SETUP: &str = "totp_setup";

/// What the page shows again when a code was wrong: the same secret, which the phone has by then.
#[derive(Serialize, Deserialize)]
struct Kept {
    state: TotpSetupState,
}

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
    #[serde(default)]
    code: String,
}

pub async fn get(State(state): State<AppState>, session: Session) -> Response {
    let (who, _) = match fresh(&state, &session, "/account/authenticator").await {
        Ok(found) => found,
        Err(away) => return away,
    };
    let begun = async {
        let (setup, kept) = state.services.second_factors.begin_totp(&who.account)?;
        let kept = Kept { state: kept };
        session.insert(SETUP, &kept).await.map_err(failed)?;
        Ok(setup)
    };
    match begun.await {
        Ok(setup) => page(&state, &session, setup, None, StatusCode::OK).await,
        Err(error) => page_error(&error),
    }
}

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let back = "/account/authenticator";
    let (who, proof) = match fresh_by_form(&state, &session, &input.csrf, back).await {
        Ok(found) => found,
        Err(away) => return away,
    };
    let kept: Option<Kept> = match session.get(SETUP).await {
        Ok(kept) => kept,
        Err(why) => return page_error(&failed(why)),
    };
    let Some(kept) = kept else {
        return Redirect::to(back).into_response();
    };
    let factors = &state.services.second_factors;
    let (actor, code) = (who.actor(), &input.code);
    let confirmed = factors.confirm_totp(&actor, &proof, &kept.state, code, visitor.address);
    match confirmed.await {
        Ok(codes) => {
            if let Err(why) = session.remove::<Kept>(SETUP).await {
                return page_error(&failed(why));
            }
            match codes {
                Some(codes) => recovery_codes::page(&codes),
                None => Redirect::to("/account/security").into_response(),
            }
        }
        Err(error) => again(&state, &session, &who, &kept, error).await,
    }
}

/// The page again, of the same secret.
async fn again(
    state: &AppState,
    session: &Session,
    who: &SignedIn,
    kept: &Kept,
    error: Error,
) -> Response {
    let text = match &error {
        Error::Invalid(fields) if !fields.is_empty() => fields[0].message.clone(),
        Error::Throttled { .. } | Error::Forbidden(_) => error.to_string(),
        Error::Conflict(field) => field.message.clone(),
        other => return page_error(other),
    };
    let factors = &state.services.second_factors;
    match factors.totp_again(&who.account, &kept.state) {
        Ok(setup) => {
            let page = page(state, session, setup, Some(text), web::status(&error)).await;
            with_retry_after(page, &error)
        }
        // It is too old: another secret, then.
        Err(_) => Redirect::to("/account/authenticator").into_response(),
    }
}

async fn page(
    state: &AppState,
    session: &Session,
    setup: TotpSetup,
    error: Option<String>,
    status: StatusCode,
) -> Response {
    let csrf = match app::ssr::csrf_of(&state.services, session).await {
        Ok(csrf) => csrf,
        Err(why) => return page_error(&failed(why)),
    };
    let html = app::plain::authenticator(app::plain::Authenticator {
        csrf,
        picture: format!(
            "data:image/svg+xml;base64,{}",
            STANDARD.encode(&setup.qr_svg)
        ),
        secret: setup.secret.clone(),
        uri: setup.uri.clone(),
        error,
    });
    (status, Html(html)).into_response()
}
