//! Calls under a client's own key (`_meta["ai.tengine/idempotency-key"]`): the call happens once at
//! most, and whoever asks again gets the first answer, for a day.

mod store;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use tokio::runtime::Handle;

use super::{CallResult, Caller, Content, Execute, ProgressSender, to_its_end};
use crate::{
    Error, Result,
    calls::{Outcome, Phases},
    clock::Timestamp,
    crypto::{base64url, sha256},
    db::{Db, DbError},
    ids::{CallId, GrantId, ToolId},
    tools::Tool,
};

/// Seconds that an answer is kept.
const KEPT_SECONDS: i64 = 86_400;

/// Bytes of an answer that is kept: text at its longest, with its structure beside it.
const MOST_KEPT: usize = 1024 * 1024;

/// What came of a call under a key.
#[derive(Debug)]
pub enum Once {
    /// The answer, of this call or of the first one.
    Called(Box<CallResult>),
    /// The key was used with other arguments.
    OtherArguments,
    /// The first call is running, or its end is not known.
    Unfinished,
    /// The first call was made, and its answer was too large to be kept.
    NotKept,
}

/// A key of one connection and one tool.
#[derive(Clone)]
struct Place {
    grant: GrantId,
    tool: ToolId,
    key_hash: [u8; 32],
}

impl Place {
    /// What its answer is sealed for.
    fn context(&self) -> String {
        format!("{} {}", self.grant, self.tool)
    }
}

/// A key that was taken for a call. Dropped before the call was sent, it is free for a better try;
/// after that it stays taken: the endpoint may have acted, and an end that nobody knows is not to be
/// tried again.
struct Claim {
    db: Db,
    place: Place,
    /// Nobody else's.
    id: String,
    stays: bool,
}

impl Claim {
    async fn keep(&self, sealed: &[u8]) -> Result<(), DbError> {
        store::keep(&self.db, &self.place, &self.id, sealed).await
    }

    /// Nothing happened.
    async fn release(mut self) -> Result<(), DbError> {
        self.stays = false;
        store::release(&self.db, &self.place, &self.id).await?;
        self.stays = true;
        Ok(())
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.stays {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let (db, place, id) = (self.db.clone(), self.place.clone(), self.id.clone());
            runtime.spawn(async move {
                if let Err(error) = store::release(&db, &place, &id).await {
                    tracing::warn!(%error, "an idempotency key could not be released");
                }
            });
        }
    }
}

impl Execute {
    /// As [`Execute::call`], at most once for the connection, the tool and the key. `grant` is whose
    /// key it is.
    ///
    /// # Errors
    /// As [`Execute::call`].
    pub async fn call_once(
        &self,
        grant: &GrantId,
        key: &str,
        caller: &Caller,
        tool: &Tool,
        arguments: Map<String, Value>,
        progress: Option<&ProgressSender>,
    ) -> Result<Once> {
        let place = Place {
            grant: grant.clone(),
            tool: tool.id.clone(),
            key_hash: sha256(key.as_bytes()),
        };
        let arguments_hash = sha256(canonical(&arguments).as_bytes());
        let Some(mut claim) = self.claim(&place, arguments_hash).await? else {
            return self.first(&place, &arguments_hash).await;
        };
        let begun = self.begin(caller, tool, arguments).await?;
        let result = begun.finish(progress, || claim.stays = true).await?;
        if result.was_sent {
            let mut kept = self.sealed(&place, &result);
            if kept.len() > MOST_KEPT {
                kept.clear();
            }
            claim.keep(&kept).await?;
        } else {
            claim.release().await?;
        }
        Ok(Once::Called(Box::new(result)))
    }

    /// Takes a key; `None` where it was used.
    async fn claim(&self, place: &Place, arguments_hash: [u8; 32]) -> Result<Option<Claim>> {
        let now = self.core.now();
        let since = now.plus_seconds(-KEPT_SECONDS);
        let mut id = [0; 16];
        self.core.random.fill(&mut id);
        let mut claim = Claim {
            db: self.core.db.clone(),
            place: place.clone(),
            id: base64url(&id),
            stays: false,
        };
        // In a task of its own: dropped in the middle, nobody would know whether the key was taken.
        // Where it failed nobody knows either, and the claim lets go of what it may have.
        let task = async move {
            let Claim { db, place, id, .. } = &claim;
            let is_free = store::claim(db, place, id, &arguments_hash, now, since).await?;
            claim.stays = !is_free;
            Ok(is_free.then_some(claim))
        };
        to_its_end(task).await
    }

    async fn first(&self, place: &Place, arguments_hash: &[u8]) -> Result<Once> {
        let Some(first) = store::first(&self.core.db, place).await? else {
            // Released in this moment: whoever asks again finds it free.
            return Ok(Once::Unfinished);
        };
        if first.arguments_hash != arguments_hash {
            return Ok(Once::OtherArguments);
        }
        let Some(sealed) = first.result else {
            return Ok(Once::Unfinished);
        };
        if sealed.is_empty() {
            return Ok(Once::NotKept);
        }
        let bytes = self.core.sealer.open(&place.context(), &sealed)?;
        let kept: Kept =
            serde_json::from_slice(&bytes).map_err(|why| Error::corrupt("idempotency key", why))?;
        Ok(Once::Called(Box::new(kept.into())))
    }

    fn sealed(&self, place: &Place, result: &CallResult) -> Vec<u8> {
        let bytes = serde_json::to_vec(&Kept::from(result)).expect("an answer is JSON");
        let core = &self.core;
        core.sealer.seal(&*core.random, &place.context(), &bytes)
    }

    /// Deletes a batch of keys that are older than they are kept. Tells how many rows went.
    pub(crate) async fn expire(&self, now: Timestamp, batch: i64) -> Result<u64, DbError> {
        let mut tx = self.core.db.begin().await?;
        let rows = store::expire(&mut tx, now.plus_seconds(-KEPT_SECONDS), batch).await?;
        tx.commit().await?;
        Ok(rows)
    }
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    call_id: CallId,
    request_id: String,
    outcome: Outcome,
    http_status: Option<u16>,
    content: Vec<Content>,
    structured: Option<Box<RawValue>>,
    response_bytes: i64,
    error: Option<String>,
}

impl From<&CallResult> for Kept {
    fn from(result: &CallResult) -> Self {
        Self {
            call_id: result.call_id.clone(),
            request_id: result.request_id.clone(),
            outcome: result.outcome,
            http_status: result.http_status,
            content: result.content.clone(),
            structured: result.structured.clone(),
            response_bytes: result.response_bytes,
            error: result.error.clone(),
        }
    }
}

impl From<Kept> for CallResult {
    fn from(kept: Kept) -> Self {
        Self {
            call_id: kept.call_id,
            request_id: kept.request_id,
            outcome: kept.outcome,
            http_status: kept.http_status,
            content: kept.content,
            structured: kept.structured,
            phases: Phases::default(),
            response_bytes: kept.response_bytes,
            error: kept.error,
            was_sent: true,
        }
    }
}

/// The same text for the same arguments, in whatever order they were written.
fn canonical(arguments: &Map<String, Value>) -> String {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let mut names: Vec<_> = members.iter().collect();
                names.sort_unstable_by_key(|(name, _)| *name);
                names
                    .into_iter()
                    .map(|(name, member)| (name.clone(), sorted(member)))
                    .collect::<Map<_, _>>()
                    .into()
            }
            Value::Array(items) => items.iter().map(sorted).collect(),
            other => other.clone(),
        }
    }
    sorted(&Value::Object(arguments.clone())).to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_members_is_no_difference_and_that_of_items_is_one() {
        let text = |value: Value| canonical(value.as_object().unwrap());
        assert_eq!(
            text(json!({ "a": 1, "b": { "c": 2, "d": [1, 2] } })),
            text(json!({ "b": { "d": [1, 2], "c": 2 }, "a": 1 }))
        );
        assert_ne!(text(json!({ "a": [1, 2] })), text(json!({ "a": [2, 1] })));
    }
}
