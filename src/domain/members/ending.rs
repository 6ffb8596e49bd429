//! What ends with a membership, in the transaction that ends it.

use super::store;
use crate::{
    Core, Result, api_keys,
    changes::{ChangeKind, changed},
    db::{DbError, Tx},
    events::{EventKind, Events, NewEvent, Trail, Visit},
    grants::{self, EndReason},
    ids::{ProjectId, UserId},
    invitations, upstream,
};

/// What of a person in a project ends with their membership, counted as far as it still works.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ends {
    /// Of Claude and other clients, to the project's integrations.
    pub connections: u64,
    /// At other servers, which they connected for the project's tools.
    pub accounts: u64,
    /// Of this project.
    pub api_keys: u64,
    /// Those to this project that they made.
    pub invitations: u64,
    /// Where somebody else removes them: the open links to this project that are for nobody in
    /// particular, whoever made them.
    pub open_links: u64,
}

/// What ended, and the connections among it, to be told of once it is committed.
pub(crate) struct Ended {
    pub(crate) ends: Ends,
    pub(crate) connections: Vec<Trail>,
}

/// Ends a membership and all that rests on it. The project is locked.
pub(crate) async fn end_membership(
    core: &Core,
    tx: &mut Tx,
    project: &ProjectId,
    user: &UserId,
) -> Result<Ended, DbError> {
    let now = core.now();
    let connections = grants::store::end_of_member(tx, project, user, now).await?;
    let ends = Ends {
        connections: connections.len() as u64,
        accounts: upstream::end_of_member(tx, project, user).await?,
        api_keys: api_keys::membership::end_of_member(tx, project, user, now).await?,
        invitations: invitations::end_of_maker(tx, project, user, None, now).await?,
        open_links: 0,
    };
    store::delete(tx, project, user).await?;
    changed(tx, ChangeKind::Member, user.as_str(), now).await?;
    Ok(Ended { ends, connections })
}

/// Notes in the record of each connection that it ended.
pub(crate) async fn note_ended(core: &Core, visit: &Visit, connections: Vec<Trail>) {
    let events = Events::new(core.clone());
    for trail in connections {
        let ended = NewEvent::ok(EventKind::GrantEnded, trail);
        let ended = ended.with_detail(EndReason::MembershipEnded.as_str());
        events.record(visit, ended).await;
    }
}

/// What would end, where somebody leaves or is removed.
pub(super) async fn preview(
    core: &Core,
    project: &ProjectId,
    user: &UserId,
    is_removal: bool,
) -> Result<Ends> {
    let (db, now) = (&core.db, core.now());
    let count = |rows: i64| u64::try_from(rows).unwrap_or_default();
    Ok(Ends {
        connections: count(grants::store::count_of_member(db, project, user, now).await?),
        accounts: count(upstream::count_of_member(db, project, user).await?),
        api_keys: count(api_keys::membership::count_of_member(db, project, user, now).await?),
        invitations: count(invitations::count_of_maker(db, project, user, now).await?),
        open_links: match is_removal {
            true => count(invitations::count_unbound(db, project, user, now).await?),
            false => 0,
        },
    })
}
