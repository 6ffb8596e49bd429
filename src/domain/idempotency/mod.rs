//! Requests of the REST API that may be sent again (draft-ietf-httpapi-idempotency-key-header-07): the
//! work is done once at most, and whoever asks again gets the first answer, for a day.
//!
//! Not one mechanism with the keys of `tools/call` (`execute/once`): those are of a connection and a
//! tool, compare arguments whatever their order, let go of what was never sent and keep a call's result,
//! which each protocol writes in its own way. Here an answer is bytes, whatever the work was.

mod store;

use crate::{
    Core, Error, Result,
    accounts::Actor,
    clock::Timestamp,
    crypto::{base64url, sha256},
    db::DbError,
};
use store::Claimed;

/// Seconds that an answer is kept.
const KEPT_SECONDS: i64 = 86_400;

/// Seconds after which a request that has no answer is not under way any more: its process ended.
const LONGEST_SECONDS: i64 = 3_600;

/// Bytes of an answer's body that is kept.
pub const MOST_KEPT: usize = 1024 * 1024;

/// Requests of one actor that are remembered.
pub const MOST_REQUESTS: i64 = 10_000;

/// Bytes of one actor's answers that are kept. Small ones are not counted: there are not so many that
/// they would matter.
pub const MOST_KEPT_OF_ACTOR: i64 = 64 * 1024 * 1024;

/// Bytes of an answer that is small.
const SMALL: usize = 4 * 1024;

/// Characters of a key.
pub const LONGEST_KEY: usize = 255;

/// An answer, as it went out.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// Of HTTP.
    pub status: u16,
    /// The headers that belong to the answer and not to the connection.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// It may hold a secret.
impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Answer({}, {} bytes)", self.status, self.body.len())
    }
}

/// The leave to do the work of a request. Given back with [`Idempotency::finish`] or
/// [`Idempotency::release`]; lost, the key stays taken: nobody knows what was done.
#[derive(Debug)]
pub struct Turn {
    hash: [u8; 32],
    /// The id of who asks.
    owner: String,
    /// Nobody else's.
    claim: String,
}

impl Turn {
    /// What the answer is sealed for.
    fn context(&self) -> String {
        context(&self.hash)
    }
}

/// What is to be done with a request.
#[derive(Debug)]
pub enum Begun {
    /// It is the first with this key: do it.
    First(Turn),
    /// It was done: this was the answer.
    Again(Answer),
    /// The first one is being done.
    UnderWay,
    /// The first one was begun more than an hour ago and has no answer: the process that did it ended,
    /// and whether it was done is not known.
    Lost,
    /// It was done, and its answer was too large to be kept.
    NotKept {
        /// Of HTTP.
        status: u16,
    },
    /// The first request with this key asked for something else.
    Differs,
}

/// The room's service.
#[derive(Clone)]
pub struct Idempotency {
    core: Core,
}

impl Idempotency {
    pub(crate) const fn new(core: Core) -> Self {
        Self { core }
    }

    /// Takes a key for a request, or tells what became of the first one with it. Actors share no keys.
    /// `request_hash` is the SHA-256 of all that the request asks.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key that is not 1 to 255 visible ASCII characters; [`Error::Conflict`]
    /// where the actor has used [`MOST_REQUESTS`] within a day.
    pub async fn begin(&self, actor: &Actor, key: &str, request_hash: &[u8; 32]) -> Result<Begun> {
        check_key(key)?;
        let now = self.core.now();
        let mut claim = [0; 16];
        self.core.random.fill(&mut claim);
        let turn = Turn {
            hash: hash(actor, key),
            owner: whose(actor).to_owned(),
            claim: base64url(&claim),
        };
        let since = now.plus_seconds(-KEPT_SECONDS);
        match store::claim(&self.core.db, &turn, request_hash, now, since).await {
            Ok(Claimed::Taken) => Ok(Begun::First(turn)),
            Ok(Claimed::InUse) => self.repeated(&turn.hash, request_hash, now).await,
            Ok(Claimed::TooMany) => Err(Error::conflict(
                "Idempotency-Key",
                format!(
                    "This API key has used {MOST_REQUESTS} Idempotency-Keys within a day, the most that \
                     are kept. Send the request without one, or wait until the oldest is a day old."
                ),
            )),
            Err(error) => {
                // Nobody knows whether it was taken, and nothing was begun.
                let _ = store::release(&self.core.db, &turn).await;
                Err(error.into())
            }
        }
    }

    async fn repeated(
        &self,
        hash: &[u8; 32],
        request_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Begun> {
        let Some(first) = store::first(&self.core.db, hash).await? else {
            // Released in this moment: whoever asks again finds it free.
            return Ok(Begun::UnderWay);
        };
        if first.request_hash != request_hash {
            return Ok(Begun::Differs);
        }
        let Some(status) = first.status else {
            let is_lost = first.created_at.plus_seconds(LONGEST_SECONDS) <= now;
            return Ok(if is_lost {
                Begun::Lost
            } else {
                Begun::UnderWay
            });
        };
        let corrupt = |why: &str| Error::corrupt("kept answer", why);
        let status = u16::try_from(status).map_err(|_| corrupt("its status is none"))?;
        let Some(sealed) = first.answer else {
            return Ok(Begun::NotKept { status });
        };
        let plain = self.core.sealer.open(&context(hash), &sealed)?;
        let (headers, body) = plain
            .iter()
            .position(|byte| *byte == b'\n')
            .and_then(|end| {
                Some((
                    serde_json::from_slice(&plain[..end]).ok()?,
                    &plain[end + 1..],
                ))
            })
            .ok_or_else(|| corrupt("it has no headers"))?;
        Ok(Begun::Again(Answer {
            status,
            headers,
            body: body.to_vec(),
        }))
    }

    /// Keeps the answer for whoever asks again; only that there was one where its body is over
    /// [`MOST_KEPT`] bytes, or it is not small and the actor's others are over [`MOST_KEPT_OF_ACTOR`].
    ///
    /// # Errors
    /// Where the database fails: the key stays taken, and the work is done.
    pub async fn finish(&self, turn: Turn, answer: &Answer) -> Result<()> {
        let has_room = answer.body.len() <= SMALL
            || (answer.body.len() <= MOST_KEPT
                && store::bytes_of(&self.core.db, &turn.owner).await? < MOST_KEPT_OF_ACTOR);
        let sealed = has_room.then(|| {
            // JSON has no line's end within it.
            let mut plain = serde_json::to_vec(&answer.headers).expect("texts are JSON");
            plain.push(b'\n');
            plain.extend_from_slice(&answer.body);
            let plain = zeroize::Zeroizing::new(plain);
            let core = &self.core;
            core.sealer.seal(&*core.random, &turn.context(), &plain)
        });
        store::keep(&self.core.db, &turn, answer.status, sealed.as_deref()).await?;
        Ok(())
    }

    /// Lets go of the key: nothing was done.
    ///
    /// # Errors
    /// Where the database fails: the key stays taken.
    pub async fn release(&self, turn: Turn) -> Result<()> {
        store::release(&self.core.db, &turn).await?;
        Ok(())
    }

    /// Deletes a batch of requests that are older than they are kept. Tells how many rows went.
    pub(crate) async fn expire(&self, now: Timestamp, batch: i64) -> Result<u64, DbError> {
        let mut tx = self.core.db.begin().await?;
        let rows = store::expire(&mut tx, now.plus_seconds(-KEPT_SECONDS), batch).await?;
        tx.commit().await?;
        Ok(rows)
    }
}

/// Whether it is a key: 1 to 255 visible ASCII characters.
#[must_use]
pub fn is_key(text: &str) -> bool {
    (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn check_key(key: &str) -> Result<()> {
    if is_key(key) {
        return Ok(());
    }
    Err(Error::invalid(
        "Idempotency-Key",
        format!("Use 1 to {LONGEST_KEY} visible ASCII characters, such as a UUID."),
    ))
}

/// Whose key it is, and which. Ids have no line's end within them, and neither have keys.
fn hash(actor: &Actor, key: &str) -> [u8; 32] {
    sha256(format!("{}\n{key}", whose(actor)).as_bytes())
}

fn whose(actor: &Actor) -> &str {
    match actor {
        Actor::Person { user_id } => user_id.as_str(),
        Actor::ApiKey { id, .. } => id.as_str(),
    }
}

fn context(hash: &[u8]) -> String {
    format!("idempotent_request {}", base64url(hash))
}
