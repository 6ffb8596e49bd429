//! `/mcp/` and `/mcp/{slug}/`: the MCP server behind a bearer check. rmcp speaks the protocol, in
//! both eras. `tools/list` and `tools/call`, which are nearly all of the traffic, have a short road
//! of their own (`message` tells which requests may take it); `differential` tests hold the two to
//! the same answers. What real clients need put right on the way to rmcp is `compat`.

mod batch;
mod bearer;
mod call;
mod compat;
mod handler;
mod in_flight;
mod limits;
mod list;
mod listen;
pub mod message;
mod mirrored;
mod reference;
mod reply;
mod service;
mod stream;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, routing::any};
use domain::{Services, grants::ResourceUrl};

pub use self::{bearer::refusal, message::Compat};
use self::{in_flight::InFlight, limits::Limits, list::Pages};
use crate::state::AppState;

/// What calls get to leave their rows when the program stops.
const LEAVING: Duration = Duration::from_secs(5);

/// What the endpoint keeps between requests.
pub struct Mcp {
    compat: Compat,
    /// The URL that all integrations share.
    shared: ResourceUrl,
    limits: Limits,
    pages: Pages,
    in_flight: Arc<InFlight>,
    is_stopping: Arc<AtomicBool>,
}

impl Mcp {
    /// Has to be called inside a runtime, in which calls are watched.
    #[must_use]
    pub fn new(services: &Services, compat: Compat) -> Self {
        let in_flight = Arc::<InFlight>::default();
        tokio::spawn(in_flight::watch(
            services.clone(),
            Arc::downgrade(&in_flight),
        ));
        Self {
            compat,
            shared: ResourceUrl::shared(&services.core.public_url),
            limits: Limits::new(services.core.limits),
            pages: Pages::default(),
            in_flight,
            is_stopping: Arc::default(),
        }
    }

    /// Ends the streams of changes, which would not end by themselves: the program is told to stop.
    pub fn stop(&self, services: &Services) {
        self.is_stopping.store(true, Ordering::Release);
        services.core.db.feed().wake();
    }

    /// Whether the program is told to stop, and streams are to end.
    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Acquire)
    }

    /// Ends the calls that are still running, and waits until each has left its row.
    pub async fn end_calls(&self, services: &Services) {
        let leaving = async {
            while self.in_flight.count() > 0 {
                self.in_flight.stop();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            services.calls.are_recorded().await;
        };
        if tokio::time::timeout(LEAVING, leaving).await.is_err() {
            tracing::warn!("some calls were cut off without a row in the call log");
        }
    }
}

/// Each URL with and without its slash, and without a redirect, which breaks Claude.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/mcp", any(service::shared))
        .route("/mcp/", any(service::shared))
        .route("/mcp/{slug}", any(service::of_integration))
        .route("/mcp/{slug}/", any(service::of_integration))
}
