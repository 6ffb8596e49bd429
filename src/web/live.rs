//! GET /live/{project_id}: tells an open page that what it shows is not so any more, by server-sent events
//! (WHATWG HTML §9.2). `?calls` counts calls in, `?integration=ID` the steps by which clients connect; what is
//! new since the page was made at `?since=CURSOR` is told at once.

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    extract::{Path, Query, State},
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
    routing::get,
};
use domain::{
    Error,
    ids::{IntegrationId, ProjectId},
    live::{Cursor, Shown, Watch},
    members::{Access, Viewer},
};
use futures_util::stream::unfold;
use serde::Deserialize;
use tokio::time::{Instant, timeout};
use tower_sessions::Session;

use super::{page_error, status};
use crate::{session::signed_in, state::AppState};

/// Between two looks at whether the listener may still listen. Something is said each time: proxies end a
/// connection on which nothing comes.
const BEAT: Duration = Duration::from_secs(20);
/// After which the page asks anew, as it would of a server that came back.
const LONGEST: Duration = Duration::from_secs(30 * 60);

pub fn routes() -> Router<AppState> {
    Router::new().route("/live/{project_id}", get(listen))
}

#[derive(Deserialize)]
struct Wanted {
    calls: Option<String>,
    integration: Option<IntegrationId>,
    since: Option<String>,
}

/// One page that listens.
struct Listener {
    state: AppState,
    session: Session,
    project: ProjectId,
    watch: Watch,
    until: Instant,
}

async fn listen(
    State(state): State<AppState>,
    session: Session,
    Path(project): Path<ProjectId>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let access = match access(&state, &session, &project).await {
        Ok(access) => access,
        Err(error) => return refused(&error),
    };
    let shown = Shown {
        calls: wanted.calls.is_some(),
        integration: wanted.integration,
    };
    // What is no cursor of this version is no moment since which nothing happened: it is left out.
    let since: Option<Cursor> = wanted.since.and_then(|text| text.parse().ok());
    let watch = state.services.live.watch(&access, shown, since.as_ref());
    let watch = match watch.await {
        Ok(watch) => watch,
        Err(error) => return refused(&error),
    };
    let listener = Listener {
        state,
        session,
        project,
        watch,
        until: Instant::now() + LONGEST,
    };
    // Something at once, so that the page knows that it is heard.
    let hello = futures_util::stream::iter([Ok::<_, Infallible>(said("hello"))]);
    let news = unfold(listener, |mut listener| async {
        let event = listener.next().await?;
        Some((Ok(event), listener))
    });
    // nginx would keep what comes to itself.
    let unbuffered = [("x-accel-buffering", "no")];
    let stream = Sse::new(futures_util::StreamExt::chain(hello, news));
    (unbuffered, stream).into_response()
}

impl Listener {
    /// What comes next; nothing where it is over.
    async fn next(&mut self) -> Option<Event> {
        let came = timeout(BEAT, self.watch.changed()).await;
        // Nothing can be heard any more.
        if came == Ok(false) {
            return None;
        }
        let may_listen = access(&self.state, &self.session, &self.project).await;
        // The page then asks again, and is told why not.
        if Instant::now() > self.until || self.state.mcp.is_stopping() || may_listen.is_err() {
            return None;
        }
        Some(said(if came.is_ok() { "changed" } else { "beat" }))
    }
}

async fn access(
    state: &AppState,
    session: &Session,
    project: &ProjectId,
) -> Result<Access<Viewer>, Error> {
    let who = signed_in(state, session).await?;
    let who = who.ok_or(Error::WrongCredentials)?;
    state.services.members.access(&who.actor(), project).await
}

fn said(what: &'static str) -> Event {
    // An event without data is none.
    Event::default().event(what).data("1")
}

/// For a program: the page itself says it to the person.
fn refused(error: &Error) -> Response {
    match status(error) {
        status if status.is_server_error() => page_error(error),
        status => (status, error.to_string()).into_response(),
    }
}
