//! Keeps what anyone can send from filling the database: of the same thing one row a minute is
//! stored, with its count, and of different things so many a minute.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::{Cause, Event, EventKind};
use crate::clock::Timestamp;

/// Rows of strangers in a minute, and so the number of different things that are told apart.
const MOST_ROWS: usize = 60;
const MINUTE_MS: i64 = 60_000;

/// What makes two events the same: nothing of it identifies a request.
type Key = (
    EventKind,
    Option<Cause>,
    Option<String>,
    Option<String>,
    String,
    String,
);

#[derive(Default)]
pub(super) struct Damper(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    minute: i64,
    /// Rows stored in this minute.
    rows: usize,
    things: HashMap<Key, Thing>,
}

struct Thing {
    stored_at: Timestamp,
    /// The latest of those that were only counted, with their number.
    pending: Option<Event>,
}

fn key(event: &Event) -> Key {
    (
        event.kind,
        event.cause,
        event.detail.clone(),
        event.trail.client_id.clone(),
        event.visit.address.clone(),
        event.visit.user_agent.clone(),
    )
}

impl Damper {
    /// The event, if it is to be stored now.
    pub(super) fn pass(&self, event: Event) -> Option<Event> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = event.at.0.div_euclid(MINUTE_MS);
        if seen.minute != minute {
            seen.minute = minute;
            seen.rows = 0;
        }
        let key = key(&event);
        if let Some(thing) = seen.things.get_mut(&key) {
            let count = thing.pending.take().map_or(0, |pending| pending.count) + event.count;
            thing.pending = Some(Event { count, ..event });
            return None;
        }
        if seen.rows >= MOST_ROWS || seen.things.len() >= MOST_ROWS {
            return None;
        }
        seen.rows += 1;
        let stored_at = event.at;
        let pending = None;
        seen.things.insert(key, Thing { stored_at, pending });
        Some(event)
    }

    /// What was counted and not stored for a minute; what did not happen again is forgotten.
    pub(super) fn settled(&self, now: Timestamp) -> Vec<Event> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut settled = Vec::new();
        seen.things.retain(|_, thing| {
            if thing.stored_at.0 + MINUTE_MS > now.0 {
                return true;
            }
            thing.stored_at = now;
            match thing.pending.take() {
                Some(event) => {
                    settled.push(event);
                    true
                }
                None => false,
            }
        });
        settled
    }
}
