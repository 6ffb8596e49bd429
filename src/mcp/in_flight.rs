//! The calls that are running, so that they end with the connection that makes them, and by
//! `notifications/cancelled`.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::{Services, grants::Bearer, ids::GrantId};
use serde_json::Value;
use tokio::sync::Notify;

/// Every call of this process that runs for an MCP client.
#[derive(Default)]
pub struct InFlight {
    calls: Mutex<HashMap<u64, Entry>>,
    next: AtomicU64,
}

struct Entry {
    bearer: Bearer,
    /// The JSON-RPC id, where `notifications/cancelled` may name it.
    id: Option<Box<str>>,
    end: Arc<End>,
}

#[derive(Default)]
struct End {
    notify: Notify,
    reason: OnceLock<Reason>,
}

impl End {
    fn because(&self, reason: Reason) {
        let _is_first = self.reason.set(reason);
        self.notify.notify_one();
    }
}

/// Why a call is to end before its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The client cancelled it.
    Cancelled,
    /// What it rests on has ended.
    Disconnected,
    /// The program stops.
    Stopping,
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
            id: id.map(canonical),
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
        let id = Some(canonical(id));
        let calls = self.calls();
        let mut meant = calls
            .values()
            .filter(|call| call.bearer.grant_id() == grant && call.id == id);
        if let (Some(call), None) = (meant.next(), meant.next()) {
            call.end.because(Reason::Cancelled);
        }
    }

    /// One bearer of each connection that has calls running.
    fn bearers(&self) -> Vec<Bearer> {
        let calls = self.calls();
        let mut seen = HashSet::new();
        calls
            .values()
            .filter(|call| seen.insert(call.bearer.rests_on()))
            .map(|call| call.bearer.clone())
            .collect()
    }

    fn disconnect(&self, bearer: &Bearer) {
        let calls = self.calls();
        let meant = calls
            .values()
            .filter(|call| call.bearer.rests_on() == bearer.rests_on());
        meant.for_each(|call| call.end.because(Reason::Disconnected));
    }

    /// Ends all of them: the program is told to stop.
    pub fn stop(&self) {
        let calls = self.calls();
        (calls.values()).for_each(|call| call.end.because(Reason::Stopping));
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.calls().len()
    }

    fn calls(&self) -> MutexGuard<'_, HashMap<u64, Entry>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// Waits until the call is to end before its answer.
    pub async fn ended(&self) -> Reason {
        self.end.notify.notified().await;
        let reason = self.end.reason.get();
        *reason.expect("it is set before anybody is told")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.all.calls().remove(&self.key);
    }
}

/// An id as one writer writes it, however its characters were escaped.
fn canonical(id: &str) -> Box<str> {
    let value: Option<Value> = serde_json::from_str(id).ok();
    value.map_or_else(|| id.into(), |value| value.to_string().into())
}

/// How long to wait before the database, which failed, is asked again.
const PAUSE: Duration = Duration::from_secs(1);

/// Ends calls whose connection ended, for as long as the program runs.
pub async fn watch(services: Services, in_flight: Weak<InFlight>) {
    let mut changes = services.core.db.feed().stream();
    // One that was missed is like any other: all connections are looked at.
    while !matches!(
        changes.recv().await,
        Err(tokio::sync::broadcast::error::RecvError::Closed)
    ) {
        loop {
            let Some(in_flight) = in_flight.upgrade() else {
                return;
            };
            if end_what_ended(&services, &in_flight).await {
                break;
            }
            drop(in_flight);
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Whether all of it could be looked at.
async fn end_what_ended(services: &Services, in_flight: &InFlight) -> bool {
    let mut are_known = true;
    for bearer in in_flight.bearers() {
        match services.grants.has_ended(&bearer).await {
            Ok(true) => in_flight.disconnect(&bearer),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, "whether a connection ended could not be looked up");
                are_known = false;
            }
        }
    }
    are_known
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn an_id_is_the_same_however_it_was_escaped() {
        assert_eq!(canonical("\"\\u00e9\\/\""), canonical("\"é/\""));
        assert_ne!(canonical("\"1\""), canonical("1"));
    }
}
