//! POST /sign-in/with/{id} and its callback: signing in with an identity provider, linking an identity
//! to an account, and showing once more who one is.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use domain::{
    ids::ProviderId,
    providers::{Callback, NotSignedIn, Outcome, Pending},
    sessions::{NewSession, SignInMethod},
};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::{PlainForm, arrive, confirm, csrf, failed, new_session, sign_in, signed_in};
use crate::{
    middleware::Visitor,
    oauth::error_page,
    state::AppState,
    web::{self, page_error},
};

/// Where the session keeps what was begun.
const BEGUN: &str = "provider";

#[derive(Deserialize)]
pub struct Input {
    #[serde(default)]
    csrf: String,
    next: Option<String>,
    /// `link` or `prove`, for who is signed in; else to sign in.
    #[serde(default)]
    purpose: String,
}

/// What was begun, and where it leads to.
#[derive(Serialize, Deserialize)]
struct Begun {
    pending: Pending,
    next: Option<String>,
}

#[derive(Deserialize)]
pub struct Answer {
    state: Option<String>,
    code: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

pub async fn post(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    jar: CookieJar,
    Path(id): Path<String>,
    PlainForm(input): PlainForm<Input>,
) -> Response {
    let id = ProviderId::from(id);
    let who = match signed_in(&state, &session).await {
        Ok(who) => who,
        Err(error) => return page_error(&error),
    };
    let is_ours = csrf::is_of_visitor(&state, &jar, &input.csrf)
        || (who.is_some() && csrf::is_of_session(&session, &input.csrf).await);
    if !is_ours {
        return error_page(
            StatusCode::FORBIDDEN,
            "This page was open for too long",
            "Nothing was begun.".to_owned(),
            "Open it again.",
        );
    }
    let providers = &state.services.providers;
    let from = visitor.address;
    let begun = match (input.purpose.as_str(), &who) {
        ("link", Some(who)) => match state.services.sessions.fresh(who) {
            Ok(proof) => providers.begin_link(&id, &who.actor(), &proof, from).await,
            Err(_) => {
                return Redirect::to("/confirm?next=/account/security").into_response();
            }
        },
        ("prove", Some(who)) => providers.begin_proof(&id, &who.actor(), from).await,
        ("link" | "prove", None) => return Redirect::to("/sign-in").into_response(),
        _ => providers.begin_sign_in(&id, from).await,
    };
    let begun = match begun {
        Ok(begun) => begun,
        Err(why) => return not_signed_in(&state, jar, input.next, why).await,
    };
    let kept = Begun {
        pending: begun.pending,
        next: input.next,
    };
    match session.insert(BEGUN, &kept).await {
        Ok(()) => Redirect::to(&begun.url).into_response(),
        Err(why) => page_error(&failed(why)),
    }
}

/// Where the provider sends the browser back to.
pub async fn callback(
    State(state): State<AppState>,
    visitor: Visitor,
    session: Session,
    jar: CookieJar,
    Path(id): Path<String>,
    Query(answer): Query<Answer>,
) -> Response {
    let id = ProviderId::from(id);
    let begun = begun(&state, &session, &id, answer.state.as_deref());
    let (begun, who) = match begun.await {
        Ok(found) => found,
        Err(error) => return page_error(&error),
    };
    let (pending, next) = begun.map_or((None, None), |begun| (Some(begun.pending), begun.next));
    let callback = Callback {
        state: answer.state,
        code: answer.code,
        iss: answer.iss,
        error: answer.error,
    };
    let actor = who.as_ref().map(domain::sessions::SignedIn::actor);
    let providers = &state.services.providers;
    let finished = providers
        .finish(&id, pending, callback, actor.as_ref(), visitor.address)
        .await;
    match finished {
        Ok(Outcome::SignedIn { account, .. }) => {
            let new = NewSession {
                provider_id: Some(id),
                ..new_session(&visitor, SignInMethod::Provider)
            };
            arrive::with(&state, &session, &visitor, &account, new, next).await
        }
        Ok(Outcome::LinkNeeded(pending)) => {
            let text = format!(
                "There is an account with {}. Sign in to it as you always do; your account at {} is \
                 linked to it then.",
                pending.email(),
                pending.provider_name(),
            );
            let email = pending.email().to_owned();
            match session.insert(arrive::PENDING_LINK, &pending).await {
                Ok(()) => {
                    let text = Some(text);
                    sign_in::page(&state, jar, next, email, text, StatusCode::OK).await
                }
                Err(why) => page_error(&failed(why)),
            }
        }
        Ok(Outcome::Linked) => Redirect::to("/account/security").into_response(),
        Ok(Outcome::Proved(proof)) => match who {
            Some(who) => match confirm::proved(&state, &session, &who, &proof).await {
                Ok(()) => confirm::done(&state, next.as_deref()),
                Err(error) => page_error(&error),
            },
            None => Redirect::to("/sign-in").into_response(),
        },
        Err(why) => not_signed_in(&state, jar, next, why).await,
    }
}

/// What was begun works once: it is taken out before anything is asked of anybody. Somebody else's
/// page can send a browser here: only the answer to what was begun ends it.
async fn begun(
    state: &AppState,
    session: &Session,
    id: &ProviderId,
    answered: Option<&str>,
) -> domain::Result<(Option<Begun>, Option<domain::sessions::SignedIn>)> {
    let now = state.services.core.now();
    let begun: Option<Begun> = session.get(BEGUN).await.map_err(failed)?;
    let begun = begun.filter(|begun| begun.pending.is_of(id, answered, now));
    if begun.is_some() {
        session.remove_value(BEGUN).await.map_err(failed)?;
        session.save().await.map_err(failed)?;
    }
    Ok((begun, signed_in(state, session).await?))
}

async fn not_signed_in(
    state: &AppState,
    jar: CookieJar,
    next: Option<String>,
    why: NotSignedIn,
) -> Response {
    let status = match &why {
        NotSignedIn::Failed(
            error @ (domain::Error::Corrupt { .. } | domain::Error::Database(_)),
        ) => {
            return page_error(error);
        }
        NotSignedIn::Failed(error) => web::status(error),
        NotSignedIn::NotBegun => StatusCode::BAD_REQUEST,
        NotSignedIn::Denied | NotSignedIn::Refused(_) => StatusCode::FORBIDDEN,
        NotSignedIn::Provider(cause) => {
            tracing::warn!(%cause, "a sign-in with a provider failed");
            StatusCode::FAILED_DEPENDENCY
        }
    };
    sign_in::page(
        state,
        jar,
        next,
        String::new(),
        Some(why.to_string()),
        status,
    )
    .await
}
