//! Deleting details and counts that are over. The rows of calls stay.

use super::{Calls, counts, filter, store};
use crate::{Core, clock::Timestamp, db::DbError, ids::ProjectId, ids::UserId};

impl Calls {
    /// Deletes the details that are older than they are kept, or more than a project has room for: all
    /// of them, as a busy project may make more each minute than batches would take. And a batch of
    /// counts. Tells how many rows of either went.
    pub(crate) async fn expire(&self, now: Timestamp, batch: i64) -> Result<u64, DbError> {
        let (db, limits) = (&self.core.db, self.core.details);
        let old = filter::id_at(now.plus_seconds(-limits.kept_seconds).0);
        let mut gone =
            store::expire_counts(db, counts::hour_of(now) - counts::KEPT_DAYS * 24, batch).await?;
        let mut last = ProjectId::from("");
        while let Some(project) = store::next_with_details(db, &last).await? {
            // The newest of those for which there is no room.
            let over = store::nth_newest(db, &project, limits.most_in_project).await?;
            let over = over.map(|id| format!("{id} "));
            let before = over.map_or(old.clone(), |over| over.max(old.clone()));
            gone += store::forget_before(db, &project, &before).await?;
            last = project;
        }
        Ok(gone)
    }
}

/// Takes the details of a project that is deleted out of the log.
pub(crate) async fn forget_project(core: &Core, project: &ProjectId) -> Result<(), DbError> {
    store::forget_project(&core.db, project).await
}

/// Takes what a person asked and was answered out of the log.
pub(crate) async fn forget_person(core: &Core, user: &UserId) -> Result<(), DbError> {
    let mut last = ProjectId::from("");
    while let Some(project) = store::next_with_details(&core.db, &last).await? {
        store::forget_person(&core.db, &project, user).await?;
        last = project;
    }
    Ok(())
}
