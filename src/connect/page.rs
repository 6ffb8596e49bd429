//! GET /connect/{id}

use app::plain::{ConnectAccount, ConnectState};
use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
};
use domain::{
    ids::VaultSecretId,
    members::{Access, Viewer},
    upstream::ConnectionState,
};
use tower_sessions::Session;

use super::member;
use crate::{session, state::AppState, web::page_error};

pub async fn get(
    State(state): State<AppState>,
    session: Session,
    Path(id): Path<String>,
) -> Response {
    let id = VaultSecretId::from(id);
    match member(&state, &session, &id).await {
        Ok(access) => shown(&state, &session, &access, &id, None).await,
        Err(refusal) => refusal,
    }
}

/// The page, with a sentence about what went wrong where something did.
pub(super) async fn shown(
    state: &AppState,
    session: &Session,
    access: &Access<Viewer>,
    id: &VaultSecretId,
    problem: Option<String>,
) -> Response {
    let services = &state.services;
    let found = async {
        let connection = services.upstream.connection(access, id).await?;
        let project = services.projects.get(access).await?;
        let entry = services.vault.get(access, id).await?;
        let account = session::signed_in(state, session).await?;
        let csrf = app::ssr::csrf_of(services, session).await;
        let csrf = csrf.map_err(|why| domain::Error::Corrupt {
            what: "session",
            why: why.to_string(),
        })?;
        Ok::<_, domain::Error>((connection, project, entry, account, csrf))
    };
    let (connection, project, entry, account, csrf) = match found.await {
        Ok(found) => found,
        Err(error) => return page_error(&error),
    };
    let client = connection.secret.oauth2.as_ref();
    let authorization_url = client.and_then(|client| client.authorization_url.as_deref());
    let host = authorization_url
        .and_then(|url| url::Url::parse(url).ok())
        .and_then(|url| url.host_str().map(ToOwned::to_owned));
    Html(app::plain::connect_account(ConnectAccount {
        action: format!("/connect/{id}"),
        csrf,
        client: connection.secret.client_digest(),
        problem,
        name: connection.secret.name.clone(),
        project: project.name,
        user_email: account
            .map(|signed_in| signed_in.account.email)
            .unwrap_or_default(),
        authorization_host: host.unwrap_or_default(),
        scopes: client
            .map(|client| client.scopes.clone())
            .unwrap_or_default(),
        origins: connection.secret.origins.clone(),
        tools: entry.used_by,
        state: match connection.state {
            ConnectionState::NotConnected => ConnectState::NotConnected,
            ConnectionState::Connected { since } => {
                ConnectState::Connected(app::ssr::ago(since, services.core.now()))
            }
            ConnectionState::Ended { since } => {
                ConnectState::Ended(app::ssr::ago(since, services.core.now()))
            }
        },
    }))
    .into_response()
}
