//! Circuit breakers: what fails call after call is left alone for a while, and whoever calls is told so
//! at once instead of waiting for it.
//!
//! Only failures of the server's own making count, in a row. One that cannot be connected to is left
//! alone by all of a project's tools. What came after, a status of 500 and above, no answer in time, a
//! broken one, may be a matter of the endpoint, of the tool's limit or of the arguments: it counts for
//! the tool alone, so that none can close its neighbours. Each pause one call goes through and finds
//! out. Each project has its own, so that nobody opens another's; each process counts for itself.

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
use crate::{
    clock::Timestamp,
    ids::{ProjectId, ToolId},
};

/// Failing origins and tools that are known at once; what is not in use makes room for others.
const MOST: usize = 10_000;
/// Failures in a row after which no more calls go through.
pub(super) const OPENS_AFTER: u32 = 10;
/// Milliseconds of the first pause; each probe that fails doubles it.
const FIRST_PAUSE: i64 = 5_000;
const LONGEST_PAUSE: i64 = 60_000;

/// What a call says of its server and its endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Works,
    Fails(Fault),
    /// Nothing: it never came so far.
    Unknown,
}

/// The origins and tools that fail. Those that work are not in it, and looking one up takes no lock that
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
    /// `None`: the server, for each of the project's tools.
    tool: Option<ToolId>,
}

/// A [`Place`] of another's, to look one up with.
#[derive(Clone, Copy, Hash)]
struct At<'a> {
    project: &'a ProjectId,
    origin: &'a str,
    tool: Option<&'a ToolId>,
}

impl Equivalent<Place> for At<'_> {
    fn equivalent(&self, place: &Place) -> bool {
        *self.project == place.project
            && self.origin == place.origin
            && self.tool == place.tool.as_ref()
    }
}

/// The failures of one server or tool.
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
    server: Passed<'a>,
    tool: Passed<'a>,
}

/// A circuit that lets a call through.
struct Passed<'a> {
    at: At<'a>,
    /// Where the call finds out.
    probe: Option<Probe>,
}

/// A call that finds out for a circuit. Dropped before it is done, it leaves that to the next.
struct Probe {
    circuit: Option<Arc<Mutex<Circuit>>>,
    since: Timestamp,
}

impl Circuits {
    /// # Errors
    /// [`Rejected`], where the origin or the tool has failed too often of late.
    pub(super) fn admit<'a>(
        &'a self,
        project: &'a ProjectId,
        origin: &'a str,
        tool: &'a ToolId,
        now: Timestamp,
    ) -> Result<Admitted<'a>, Rejected> {
        let at = |tool| At {
            project,
            origin,
            tool,
        };
        Ok(Admitted {
            circuits: self,
            server: self.pass(at(None), now)?,
            tool: self.pass(at(Some(tool)), now)?,
        })
    }

    fn pass<'a>(&self, at: At<'a>, now: Timestamp) -> Result<Passed<'a>, Rejected> {
        let probe = match self.0.get(&at) {
            None => None,
            Some(circuit) => {
                let is_probe = locked(&circuit).admit(at.tool.is_some(), now)?;
                is_probe.then_some(Probe {
                    circuit: Some(circuit),
                    since: now,
                })
            }
        };
        Ok(Passed { at, probe })
    }

    fn works(&self, passed: Passed<'_>) {
        if let Some(probe) = passed.probe {
            probe.done();
        }
        if self.0.peek(&passed.at).is_some() {
            self.0.remove(&passed.at);
        }
    }

    fn fails(&self, passed: Passed<'_>, fault: Fault, now: Timestamp) {
        let was_probe = passed.probe.map(Probe::done).is_some();
        self.failed(passed.at, fault, was_probe, now);
    }

    fn failed(&self, at: At<'_>, fault: Fault, was_probe: bool, now: Timestamp) {
        let place = Place {
            project: at.project.clone(),
            origin: at.origin.to_owned(),
            tool: at.tool.cloned(),
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
    fn admit(&mut self, is_tool: bool, now: Timestamp) -> Result<bool, Rejected> {
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
            is_tool,
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
    pub(super) fn ended(self, verdict: Verdict, now: Timestamp) {
        let Self {
            circuits,
            server,
            tool,
        } = self;
        match verdict {
            Verdict::Works => {
                circuits.works(server);
                circuits.works(tool);
            }
            Verdict::Fails(fault @ Fault::NotConnected) => {
                circuits.fails(server, fault, now);
                // The tool's own failures are others; but one that was to find out found it no better.
                if tool.probe.is_some() {
                    circuits.fails(tool, fault, now);
                }
            }
            Verdict::Fails(fault @ Fault::NoTimeToConnect) => circuits.fails(tool, fault, now),
            Verdict::Fails(fault) => {
                circuits.works(server);
                circuits.fails(tool, fault, now);
            }
            Verdict::Unknown => {}
        }
    }
}

impl Probe {
    fn done(mut self) {
        self.circuit = None;
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        if let Some(circuit) = self.circuit.take()
            && let Some(open) = &mut locked(&circuit).open
        {
            // The next one finds out.
            open.until = open.until.min(self.since);
        }
    }
}
