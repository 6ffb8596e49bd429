//! Versions, as pages see them.

use domain::{
    clock::Timestamp,
    tools::{FieldChange, Version, VersionKind},
};
use serde_json::Value;

use super::when::when;
use crate::api::versions::{FieldDifference, VersionRow};

pub(crate) fn row(version: Version, now: Timestamp) -> VersionRow {
    let mut what = match (version.kind, version.restored_from) {
        (VersionKind::Created, _) => "Created".to_owned(),
        (VersionKind::Changed, _) => "Changed".to_owned(),
        (VersionKind::Enabled, _) => "Enabled".to_owned(),
        (VersionKind::Disabled, _) => "Disabled".to_owned(),
        (VersionKind::Restored, Some(from)) => format!("Version {from} restored"),
        (VersionKind::Restored, None) => "An older version restored".to_owned(),
        (VersionKind::Applied, _) => "Came from an import, a file or the samples".to_owned(),
        (VersionKind::FirstKept, _) => "As it was when versions began to be kept".to_owned(),
    };
    if let Some(by) = version.made_by {
        what.push_str(&format!(" by {by}"));
    }
    if let Some(key) = version.api_key_name {
        what.push_str(&format!(", with the API key “{key}”"));
    }
    if version.secret_changed && version.kind != VersionKind::Created {
        what.push_str("; its secret changed");
    }
    VersionRow {
        number: version.number,
        what,
        when: when(version.made_at, now),
    }
}

pub(crate) fn difference(change: FieldChange) -> FieldDifference {
    if change.field == "auth_secret" {
        return FieldDifference {
            field: change.field,
            before: "(never shown)".to_owned(),
            after: "(another one)".to_owned(),
        };
    }
    let text = |value: Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => serde_json::to_string_pretty(&other).unwrap_or_default(),
    };
    FieldDifference {
        field: change.field,
        before: text(change.before),
        after: text(change.after),
    }
}
