//! What a project keeps of its calls beside their rows.

use std::sync::Arc;

use super::{Calls, Outcome, store};
use crate::{
    Core, Result,
    audit::{self, Act, Entry},
    changes::{Change, ChangeKind, Remembered, changed, heard_by},
    ids::ProjectId,
    limits::{Limiter, Quota},
    members::{Access, Admin, Viewer},
    text_enum,
};

text_enum! {
    /// Of which calls arguments, request and answer are kept, redacted.
    #[derive(Default)]
    pub enum KeepDetails {
        #[default]
        All = "all",
        Failures = "failures",
        None = "none",
    }
}

impl KeepDetails {
    pub(crate) fn keeps(self, outcome: Outcome) -> bool {
        match self {
            Self::All => true,
            Self::Failures => outcome != Outcome::Ok,
            Self::None => false,
        }
    }
}

/// For how long, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DetailLimits {
    pub kept_seconds: i64,
    /// In a project; the oldest go first.
    pub most_in_project: i64,
}

impl Default for DetailLimits {
    fn default() -> Self {
        Self {
            kept_seconds: 7 * 86_400,
            most_in_project: 10_000,
        }
    }
}

/// Details of a project that are kept at once on one process, and then each so often. Of calls that come by
/// the thousand a second, the newest 10,000 would be those of a few seconds, and to keep one takes as long
/// as half of a call. Those that failed have as many of their own.
const PACE: Quota = Quota::new(500, 20);

/// Counts what is kept, by project and whether the call went well.
pub(super) type Pace = Limiter<(ProjectId, bool)>;

pub(super) fn pace() -> Arc<Pace> {
    Arc::new(Limiter::new(PACE))
}

/// Projects whose choice is remembered.
const MOST: usize = 10_000;

/// What projects chose.
pub(super) struct Choices(Remembered<ProjectId, KeepDetails>);

impl Choices {
    pub(super) fn new(core: &Core) -> Arc<Self> {
        let choices = Arc::new(Self(Remembered::new(core.db.feed(), MOST)));
        heard_by(core.db.feed(), &choices, |choices, change| match change {
            Change::Of(ChangeKind::Project, id) => choices.0.forget(&ProjectId::from(&**id)),
            Change::Anything => choices.0.forget_all(),
            Change::Of(..) => {}
        });
        choices
    }
}

impl Calls {
    /// What is kept of a call of this project. Where that cannot be found out, nothing is: no caller is
    /// to wait or fail for it.
    pub(crate) async fn keeps(&self, project: &ProjectId) -> KeepDetails {
        if let Some(known) = self.choices.0.get(project) {
            return known;
        }
        let since = self.choices.0.since();
        match store::keeps(&self.core.db, project).await {
            Ok(Some(keeps)) => {
                self.choices.0.keep(since, project.clone(), keeps);
                keeps
            }
            Ok(None) => KeepDetails::None,
            Err(error) => {
                tracing::warn!(%error, "whether details of a call are kept could not be looked up");
                KeepDetails::None
            }
        }
    }

    /// The same for who cannot wait: nothing, where it is not known.
    pub(crate) fn keeps_at_once(&self, project: &ProjectId) -> KeepDetails {
        self.choices.0.get(project).unwrap_or(KeepDetails::None)
    }

    /// Whether one more detail is kept of calls that ended so; that one is counted.
    pub(crate) fn keeps_pace(&self, project: &ProjectId, outcome: Outcome) -> bool {
        let of = (project.clone(), outcome == Outcome::Ok);
        self.pace.take(&of, self.core.now()).is_ok()
    }

    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) where the project is gone.
    pub async fn kept_details(&self, access: &Access<Viewer>) -> Result<KeepDetails> {
        let keeps = store::keeps(&self.core.db, access.project_id()).await?;
        keeps.ok_or(crate::Error::NotFound("project"))
    }

    /// Says what is kept from now on. What is there and would not be kept now is deleted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn keep_details(&self, access: &Access<Admin>, keeps: KeepDetails) -> Result<()> {
        let (core, project) = (&self.core, access.project_id());
        let mut tx = core.db.begin().await?;
        if store::keep(&mut tx, project, keeps).await? > 0 {
            changed(&mut tx, ChangeKind::Project, project.as_str(), core.now()).await?;
            let entry = Entry::of_access(Act::KeptDetailsChanged, access);
            audit::record(core, &mut tx, entry.with_detail(keeps.as_str())).await?;
        }
        tx.commit().await?;
        // Also where it was chosen before: what was left behind then goes now.
        match keeps {
            KeepDetails::All => {}
            KeepDetails::Failures => store::forget_successes(&core.db, project).await?,
            KeepDetails::None => store::forget_project(&core.db, project).await?,
        }
        Ok(())
    }
}
