//! The settings as this process knows them.

use std::sync::Arc;

use super::{FixedSettings, Settings, store};
use crate::{
    Result,
    changes::{Change, ChangeKind, Feed, Remembered, heard_by},
    db::Db,
};

/// Remembered until a setting changes.
pub(crate) struct KnownSettings(Remembered<(), Arc<Settings>>);

impl KnownSettings {
    pub(crate) fn new(feed: &Feed) -> Arc<Self> {
        let known = Arc::new(Self(Remembered::new(feed, 1)));
        heard_by(feed, &known, |known, change| {
            if matches!(
                change,
                Change::Of(ChangeKind::Setting, _) | Change::Anything
            ) {
                known.0.forget(&());
            }
        });
        known
    }

    pub(crate) async fn get(&self, db: &Db, fixed: &FixedSettings) -> Result<Arc<Settings>> {
        if let Some(known) = self.0.get(&()) {
            return Ok(known);
        }
        let since = self.0.since();
        let mut settings = Settings::default();
        for (name, value) in store::all(db).await? {
            settings.take(name, value);
        }
        let settings = Arc::new(fixed.over(settings));
        self.0.keep(since, (), settings.clone());
        Ok(settings)
    }
}
