//! A circuit breaker per project and origin: a server that fails call after call is left alone for a
//! while, and whoever calls is told so at once instead of waiting for it.
//!
//! Only failures of the server's own making count, in a row: no connection, no answer in time, a
//! broken answer, a status of 500 and above. Each pause one call goes through and finds out. Each
//! project has its own, so that nobody opens another's; each process counts for itself.

mod rejected;
#[cfg(test)]
mod tests;

use std::{
    convert::Infallible,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use quick_cache::{Equivalent, sync::Cache};

pub(super) use self::rejected::{Fault, Rejected};
use crate::{clock::Timestamp, ids::ProjectId};

/// Failing origins that are known at once; what is not in use makes room for others.
const MOST: usize = 10_000;
/// Failures in a row after which no more calls go through.
pub(super) const OPENS_AFTER: u32 = 10;
/// Milliseconds of the first pause; each probe that fails doubles it.
const FIRST_PAUSE: i64 = 5_000;
const LONGEST_PAUSE: i64 = 60_000;

/// What a call says of its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Works,
    Fails(Fault),
    /// Nothing: it never came so far.
    Unknown,
}

/// The origins that fail. Those that work are not in it, and looking one up takes no lock that
/// another call waits for.
pub(super) struct Circuits(Cache<Place, Arc<Mutex<Circuit>>>);

impl Default for Circuits {
    fn default() -> Self {
        Self(Cache::new(MOST))
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    project: ProjectId,
    origin: String,
}

/// A [`Place`] of another's, to look one up with.
#[derive(Clone, Copy, Hash)]
struct At<'a> {
    project: &'a ProjectId,
    origin: &'a str,
}

impl Equivalent<Place> for At<'_> {
    fn equivalent(&self, place: &Place) -> bool {
        *self.project == place.project && self.origin == place.origin
    }
}

/// One server's failures.
struct Circuit {
    in_a_row: u32,
    since: Timestamp,
    last: Fault,
    open: Option<Open>,
}

#[derive(Clone, Copy)]
struct Open {
    /// When a call is let through to find out.
    until: Timestamp,
    /// Milliseconds.
    pause: i64,
}

/// A call that goes through. Dropped without a verdict, it says nothing of the server.
pub(super) struct Admitted<'a> {
    circuits: &'a Circuits,
    at: At<'a>,
    since: Timestamp,
    /// The circuit that it finds out for.
    probed: Option<Arc<Mutex<Circuit>>>,
}

impl Circuits {
    /// # Errors
    /// [`Rejected`], where the origin has failed too often of late.
    pub(super) fn admit<'a>(
        &'a self,
        project: &'a ProjectId,
        origin: &'a str,
        now: Timestamp,
    ) -> Result<Admitted<'a>, Rejected> {
        let at = At { project, origin };
        let probed = match self.0.get(&at) {
            None => None,
            Some(circuit) => {
                let is_probe = locked(&circuit).admit(now)?;
                is_probe.then_some(circuit)
            }
        };
        Ok(Admitted {
            circuits: self,
            at,
            since: now,
            probed,
        })
    }

    fn failed(&self, at: At<'_>, fault: Fault, was_probe: bool, now: Timestamp) {
        let place = Place {
            project: at.project.clone(),
            origin: at.origin.to_owned(),
        };
        let fresh = || {
            Ok::<_, Infallible>(Arc::new(Mutex::new(Circuit {
                in_a_row: 0,
                since: now,
                last: fault,
                open: None,
            })))
        };
        let circuit = match self.0.get_or_insert_with(&place, fresh) {
            Ok(circuit) => circuit,
            Err(never) => match never {},
        };
        locked(&circuit).fail(fault, was_probe, now);
    }
}

fn locked(circuit: &Mutex<Circuit>) -> MutexGuard<'_, Circuit> {
    circuit.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Circuit {
    /// Whether the call is to find out.
    fn admit(&mut self, now: Timestamp) -> Result<bool, Rejected> {
        let Some(open) = &mut self.open else {
            return Ok(false);
        };
        // A clock that was set back does not hold it open for longer than a pause.
        if now >= open.until || open.until.0 - now.0 > LONGEST_PAUSE {
            // Whatever becomes of this one, the next goes through a pause later.
            open.until = Timestamp(now.0 + open.pause);
            return Ok(true);
        }
        Err(Rejected {
            in_a_row: self.in_a_row,
            since: self.since,
            last: self.last,
            again: open.until,
            now,
        })
    }

    fn fail(&mut self, fault: Fault, was_probe: bool, now: Timestamp) {
        self.in_a_row = self.in_a_row.saturating_add(1);
        self.last = fault;
        let pause = match self.open {
            None if self.in_a_row >= OPENS_AFTER => FIRST_PAUSE,
            Some(open) if was_probe => (open.pause * 2).min(LONGEST_PAUSE),
            // Those that were under way when it opened say nothing new.
            _ => return,
        };
        self.open = Some(Open {
            until: Timestamp(now.0 + pause),
            pause,
        });
    }
}

impl Admitted<'_> {
    pub(super) fn ended(mut self, verdict: Verdict, now: Timestamp) {
        let (circuits, at) = (self.circuits, self.at);
        match verdict {
            Verdict::Works => {
                self.probed = None;
                if circuits.0.peek(&at).is_some() {
                    circuits.0.remove(&at);
                }
            }
            Verdict::Fails(fault) => {
                let was_probe = self.probed.take().is_some();
                circuits.failed(at, fault, was_probe, now);
            }
            Verdict::Unknown => {}
        }
    }
}

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        if let Some(circuit) = self.probed.take()
            && let Some(open) = &mut locked(&circuit).open
        {
            // The next one finds out.
            open.until = open.until.min(self.since);
        }
    }
}
