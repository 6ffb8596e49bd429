//! `subscriptions/listen`: a stream that tells of each change of a connection's list, until the
//! client goes away, its token ends, or the connection does. A thousand of them cost little: a
//! stream that waits holds what is below and its TCP connection.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::Response,
};
use domain::{
    Result, Services,
    changes::Change,
    grants::{Bearer, BearerError, Offer},
};
use rmcp::model::Implementation;
use serde_json::{Value, json, value::RawValue};
use tokio::{
    sync::broadcast::{Receiver, error::RecvError},
    time::{Instant, timeout_at},
};

use super::{
    bearer, handler,
    limits::Open,
    message::Message,
    reply::{self, Failure},
    stream::{self, KEEP_ALIVE},
};
use crate::{middleware::RequestId, state::AppState};

/// A connection's list, watched.
pub struct Watch {
    services: Services,
    bearer: Bearer,
    changes: Receiver<Change>,
    is_stopping: Arc<AtomicBool>,
    known: Arc<Offer>,
    /// Something changed that was not looked at yet.
    is_due: bool,
}

/// What a watch has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The list is another one.
    Changed,
    /// The connection is over, or its token; or the program is told to stop, and the client should
    /// come to the next.
    Ended,
}

impl Watch {
    /// # Errors
    /// Where the database fails.
    pub async fn of(state: &AppState, bearer: &Bearer) -> Result<Self> {
        let services = &state.services;
        // Before the list is looked at: what changes in between is not missed.
        let changes = services.core.db.feed().stream();
        Ok(Self {
            known: services.grants.offer(bearer).await?,
            services: services.clone(),
            bearer: bearer.clone(),
            changes,
            is_stopping: state.mcp.is_stopping.clone(),
            // It may have ended before its changes were listened to.
            is_due: true,
        })
    }

    /// Waits for the next thing to say. Dropped before, it misses nothing.
    ///
    /// # Errors
    /// Where the database fails: then nobody knows.
    pub async fn next(&mut self) -> Result<Seen> {
        loop {
            if !self.is_due {
                let left = self.bearer.expires_at().0 - self.services.core.now().0;
                let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
                match timeout_at(Instant::now() + left, self.changes.recv()).await {
                    Ok(Ok(change)) if !self.services.grants.concerns(&self.bearer, &change) => {
                        continue;
                    }
                    Ok(Err(RecvError::Closed)) => return Ok(Seen::Ended),
                    Ok(Ok(_) | Err(RecvError::Lagged(_))) | Err(_) => self.is_due = true,
                }
            }
            if self.is_stopping.load(Ordering::Acquire) {
                return Ok(Seen::Ended);
            }
            let bearer = match self.services.grants.still(&self.bearer).await {
                Ok(bearer) => bearer,
                Err(BearerError::Domain(error)) => return Err(error),
                Err(_) => return Ok(Seen::Ended),
            };
            let offer = self.services.grants.offer(&bearer).await?;
            let before = std::mem::replace(&mut self.known, offer);
            self.is_due = false;
            if before.id != self.known.id && before.fingerprint() != self.known.fingerprint() {
                return Ok(Seen::Changed);
            }
        }
    }
}

/// One stream.
struct Listening {
    watch: Watch,
    /// The request's id as it was written, and so the subscription's.
    id: Box<RawValue>,
    /// Whether it was asked for.
    tells: bool,
    server: Implementation,
    request_id: String,
    _open: Option<Open>,
    begun: bool,
    over: bool,
}

/// The answer to `subscriptions/listen`; `tells` where changes of the list of tools were asked for.
pub async fn answer(
    state: &AppState,
    bearer: &Bearer,
    message: &Message<'_>,
    tells: bool,
) -> Response<Body> {
    let open = match state.mcp.limits.stream(bearer) {
        Ok(open) => open,
        Err(error) => return bearer::throttled(&error),
    };
    let watch = match Watch::of(state, bearer).await {
        Ok(watch) => watch,
        Err(error) => {
            let failure = Failure::broken(&error, &RequestId::current());
            return reply::response(reply::of_failure(message.id, &failure));
        }
    };
    let listening = Listening {
        watch,
        id: message.id.to_owned(),
        tells,
        server: handler::implementation(bearer),
        request_id: RequestId::current(),
        _open: open,
        begun: false,
        over: false,
    };
    let events = futures_util::stream::unfold(listening, |mut listening| async {
        let event = listening.event().await?;
        Some((Ok::<_, Infallible>(event), listening))
    });
    stream::of(Body::from_stream(events))
}

impl Listening {
    /// The next event; `None` at the end.
    async fn event(&mut self) -> Option<Bytes> {
        if self.over {
            return None;
        }
        if !self.begun {
            self.begun = true;
            let accepted = if self.tells {
                json!({ "toolsListChanged": true })
            } else {
                json!({})
            };
            let params = json!({ "_meta": self.meta(), "notifications": accepted });
            return Some(notification("subscriptions/acknowledged", &params));
        }
        let until = Instant::now() + KEEP_ALIVE;
        loop {
            match timeout_at(until, self.watch.next()).await {
                Err(_) => return Some(stream::COMMENT),
                Ok(Ok(Seen::Changed)) if self.tells => {
                    let params = json!({ "_meta": self.meta() });
                    return Some(notification("tools/list_changed", &params));
                }
                Ok(Ok(Seen::Changed)) => {}
                Ok(Ok(Seen::Ended)) => {
                    self.over = true;
                    return Some(self.last());
                }
                Ok(Err(error)) => {
                    self.over = true;
                    let failure = Failure::broken(&error, &self.request_id);
                    return Some(stream::event(&reply::of_failure(&self.id, &failure)));
                }
            }
        }
    }

    fn meta(&self) -> Value {
        json!({ "io.modelcontextprotocol/subscriptionId": self.id })
    }

    fn last(&self) -> Bytes {
        let mut meta = self.meta();
        meta["io.modelcontextprotocol/serverInfo"] = json!(self.server);
        let result = json!({ "resultType": "complete", "_meta": meta }).to_string();
        stream::event(&reply::of_result(&self.id, result.as_bytes()))
    }
}

fn notification(name: &str, params: &Value) -> Bytes {
    let method = format!("notifications/{name}");
    let message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
    stream::event(message.to_string().as_bytes())
}
