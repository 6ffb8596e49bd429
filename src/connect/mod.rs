//! The pages at which a person connects their account at another server, for tools that act on their
//! behalf. A call of such a tool answers with their address.

mod begin;
mod callback;
mod disconnect;
mod page;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use domain::{
    ids::VaultSecretId,
    members::{Access, Viewer},
};
use serde::Deserialize;
use tower_sessions::Session;

use crate::{
    session::{self, csrf},
    state::AppState,
    web::page_error,
};

const BODY_BYTES: usize = 4 * 1024;

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/connect/{id}", get(page::get).post(begin::post))
        .route("/connect/{id}/callback", get(callback::get))
        .route("/connect/{id}/disconnect", post(disconnect::post))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
}

/// A form of these pages.
#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    csrf: String,
    /// The digest of the client that the page showed.
    #[serde(default)]
    client: String,
}

/// Where the session keeps what was begun for one client.
fn pending_key(id: &VaultSecretId) -> String {
    format!("connect {id}")
}

/// The signed-in person's place in the project whose client it is. Whoever is not signed in does that
/// first; whoever is no member learns nothing.
async fn member(
    state: &AppState,
    session: &Session,
    id: &VaultSecretId,
) -> Result<Access<Viewer>, Response> {
    let account = session::signed_in(state, session)
        .await
        .map_err(|error| page_error(&error))?;
    let Some(signed_in) = account else {
        let to = {
            let page: String =
                url::form_urlencoded::byte_serialize(format!("/connect/{id}").as_bytes()).collect();
            format!("/sign-in?next={page}")
        };
        return Err(Redirect::to(&to).into_response());
    };
    let services = &state.services;
    let found = async {
        let project = services.vault.project_of(id).await?;
        let project = project.ok_or(domain::Error::NotFound("account to connect"))?;
        services.members.access(&signed_in.actor(), &project).await
    };
    found.await.map_err(|error| match error {
        domain::Error::NotFound(_) => page_error(&domain::Error::NotFound(
            "account to connect in a project of yours",
        )),
        other => page_error(&other),
    })
}

/// As [`member`], for a form that one of these pages made.
async fn member_by_form(
    state: &AppState,
    session: &Session,
    id: &VaultSecretId,
    form: &Form,
) -> Result<Access<Viewer>, Response> {
    let access = member(state, session, id).await?;
    if csrf::is_of_session(session, &form.csrf).await {
        Ok(access)
    } else {
        Err(crate::oauth::error_page(
            StatusCode::FORBIDDEN,
            "This page was open for too long",
            "Nothing was changed.".to_owned(),
            "Open it again.",
        ))
    }
}
