//! GET /palette?q=…&project=…: what the command palette shows for what is typed, as HTML.

use app::{
    pages::search::found,
    ssr::search::{self, Wanted},
};
use axum::{
    Router,
    extract::{Query, State},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use leptos::reactive::{computed::ScopedFuture, owner::Owner};
use serde::Deserialize;
use tower_sessions::Session;

use super::page_error;
use crate::{session::signed_in, state::AppState};

pub fn routes() -> Router<AppState> {
    Router::new().route("/palette", get(answer))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    project: Option<String>,
}

async fn answer(
    State(state): State<AppState>,
    session: Session,
    Query(asked): Query<Asked>,
) -> Response {
    let reader = match signed_in(&state, &session).await {
        Ok(reader) => reader,
        Err(error) => return page_error(&error),
    };
    let wanted = Wanted {
        text: asked.q,
        project: asked.project,
    };
    // The guides are made as pages are.
    let owner = Owner::new_root(None);
    let found = owner.with(|| {
        super::provide(&state);
        let services = state.services.clone();
        ScopedFuture::new(async move {
            let places = search::find(&services, reader.as_ref(), &wanted).await?;
            Ok::<_, domain::Error>(found(places))
        })
    });
    let found = found.await;
    owner.cleanup();
    match found {
        Ok(html) => Html(html).into_response(),
        Err(error) => page_error(&error),
    }
}
