//! The calls that are running, so that they end with the connection that makes them, and by
//! `notifications/cancelled`.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use domain::{Services, grants::Bearer, ids::GrantId};
use tokio::sync::Notify;

/// Every call of this process that runs for an MCP client.
#[derive(Default)]
pub struct InFlight {
    calls: Mutex<HashMap<u64, Entry>>,
    next: AtomicU64,
}

struct Entry {
    bearer: Bearer,
    /// The JSON-RPC id as it was written, where `notifications/cancelled` may name it.
    id: Option<Box<str>>,
    end: Arc<End>,
}

#[derive(Default)]
struct End {
    notify: Notify,
    has_lost_its_grant: AtomicBool,
}

/// Why a call is to end before its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The client cancelled it.
    Cancelled,
    /// What it rests on has ended.
    Disconnected,
}

/// A call's place among those that run; it leaves with this.
pub struct Running {
    all: Arc<InFlight>,
    key: u64,
    end: Arc<End>,
}

impl InFlight {
    /// `id` where `notifications/cancelled` may name the call.
    pub fn begin(self: &Arc<Self>, bearer: &Bearer, id: Option<&str>) -> Running {
        let key = self.next.fetch_add(1, Ordering::Relaxed);
        let end = Arc::<End>::default();
        let entry = Entry {
            bearer: bearer.clone(),
            id: id.map(Into::into),
            end: end.clone(),
        };
        self.calls().insert(key, entry);
        Running {
            all: self.clone(),
            key,
            end,
        }
    }

    /// Ends the one call of a connection that has this id. An id begins anew with each of a client's
    /// own connections, so that of two with the same id nobody knows which is meant: then neither.
    pub fn cancel(&self, grant: &GrantId, id: &str) {
        let calls = self.calls();
        let mut meant = calls
            .values()
            .filter(|call| call.bearer.grant_id() == grant && call.id.as_deref() == Some(id));
        if let (Some(call), None) = (meant.next(), meant.next()) {
            call.end.notify.notify_one();
        }
    }

    /// One bearer of each connection that has calls running.
    fn bearers(&self) -> Vec<Bearer> {
        let calls = self.calls();
        let mut seen = HashSet::new();
        calls
            .values()
            .filter(|call| seen.insert(call.bearer.grant_id()))
            .map(|call| call.bearer.clone())
            .collect()
    }

    fn disconnect(&self, grant: &GrantId) {
        for call in self.calls().values() {
            if call.bearer.grant_id() == grant {
                call.end.has_lost_its_grant.store(true, Ordering::Release);
                call.end.notify.notify_one();
            }
        }
    }

    fn calls(&self) -> MutexGuard<'_, HashMap<u64, Entry>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// Waits until the call is to end before its answer.
    pub async fn ended(&self) -> Reason {
        self.end.notify.notified().await;
        if self.end.has_lost_its_grant.load(Ordering::Acquire) {
            Reason::Disconnected
        } else {
            Reason::Cancelled
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.all.calls().remove(&self.key);
    }
}

/// Ends calls whose connection ended, for as long as the program runs.
pub async fn watch(services: Services, in_flight: Weak<InFlight>) {
    let mut changes = services.core.db.feed().stream();
    // One that was missed is like any other: all connections are looked at.
    while !matches!(
        changes.recv().await,
        Err(tokio::sync::broadcast::error::RecvError::Closed)
    ) {
        let Some(in_flight) = in_flight.upgrade() else {
            return;
        };
        for bearer in in_flight.bearers() {
            if services.grants.has_ended(&bearer).await {
                in_flight.disconnect(bearer.grant_id());
            }
        }
    }
}
