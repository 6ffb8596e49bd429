//! How far a page knows, so that what happened until it listens is not missed.

use std::{fmt, str::FromStr};

use super::{Place, store};
use crate::{
    Result,
    changes::{self, Change, ChangeKind},
    clock::Timestamp,
    crypto::{base64url, sha256},
    db::Db,
    ids::{CallId, EventId, GrantId},
};

/// Changes of everything that are looked through; where there were more, it is taken for news.
const MOST_CHANGES: i64 = 200;

/// The last of what is in no feed: of logs, and of what is noted of connections in passing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Newest {
    pub(super) call: Option<CallId>,
    pub(super) event: Option<EventId>,
    /// Whose call was the last: a connection's first is another one's than the call before.
    pub(super) caller: Option<GrantId>,
    pub(super) listed_at: Option<Timestamp>,
    pub(super) used_at: Option<Timestamp>,
}

impl Newest {
    pub(super) async fn of(db: &Db, place: &Place) -> Result<Self> {
        let mut newest = Self::default();
        if place.shown.calls {
            newest.call = store::newest_call(db, &place.project).await?;
        }
        if let Some(id) = &place.shown.integration {
            newest.event = store::newest_event(db, id).await?;
            newest.caller = store::newest_caller(db, &place.project, id).await?;
            (newest.listed_at, newest.used_at) = store::last_seen(db, id).await?;
        }
        Ok(newest)
    }

    /// Short, and tells nothing.
    fn digest(&self) -> String {
        base64url(&sha256(format!("{self:?}").as_bytes())[..9])
    }
}

/// A moment of a project, as a page's address to listen at says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The newest change of authority. On PostgreSQL one with a lower number may be committed after it, and is
    /// missed where that falls between a page and its listening: the next news bring it.
    seq: i64,
    digest: String,
}

impl Cursor {
    pub(super) async fn now(db: &Db, place: &Place) -> Result<Self> {
        Ok(Self {
            seq: changes::newest(db).await?,
            digest: Newest::of(db, place).await?.digest(),
        })
    }

    /// Whether anything happened since that a page of the place shows, or may show.
    pub(super) async fn is_past(&self, db: &Db, place: &Place) -> Result<bool> {
        let since = changes::since(db, self.seq, MOST_CHANGES).await?;
        if since.len() == usize::try_from(MOST_CHANGES).unwrap_or(usize::MAX) {
            return Ok(true);
        }
        for row in &since {
            let change = row.change();
            if is_of_people(&change) || store::concerns(db, &change, place).await? {
                return Ok(true);
            }
        }
        Ok(Newest::of(db, place).await?.digest() != self.digest)
    }
}

/// Of people a change says who, and not what they were a member of before.
const fn is_of_people(change: &Change) -> bool {
    matches!(
        change,
        Change::Of(ChangeKind::Member | ChangeKind::Account, _)
    )
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.seq, self.digest)
    }
}

impl FromStr for Cursor {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (seq, digest) = text.split_once('.').ok_or("no cursor")?;
        Ok(Self {
            seq: seq.parse().map_err(|_| "no cursor")?,
            digest: digest.to_owned(),
        })
    }
}
