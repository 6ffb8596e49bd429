//! A tool's versions: each change makes one, which can be looked at, compared and restored.

use super::{FieldChange, Tool, ToolInput, Tools, difference::differing, same, store};
use crate::{
    Error, FieldError, Result,
    accounts::Actor,
    clock::Timestamp,
    db::Tx,
    ids::{ApiKeyId, ToolId},
    members::{Access, Developer, Viewer},
    text_enum,
};

/// Versions of one tool that are kept: the newest.
pub const MOST_VERSIONS: i64 = 200;

text_enum! {
    /// What made a version.
    pub enum VersionKind {
        Created = "created",
        Changed = "changed",
        Enabled = "enabled",
        Disabled = "disabled",
        /// An older version's definition came back.
        Restored = "restored",
        /// A file of tools, which made the tool or changed it.
        Applied = "applied",
        /// Unknown: it is what the tool was before versions were kept.
        FirstKept = "first_kept",
    }
}

/// A version of a tool, without its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Counted from 1, without gaps.
    pub number: i64,
    pub made_at: Timestamp,
    /// The email of who made it; `None` where it is not known any more.
    pub made_by: Option<String>,
    /// The API key that they made it with, and its name.
    pub api_key_id: Option<ApiKeyId>,
    pub api_key_name: Option<String>,
    pub kind: VersionKind,
    /// For a restored one: the number of the version whose definition it has.
    pub restored_from: Option<i64>,
    /// Whether the tool's own secret was entered, replaced or dropped with it.
    pub secret_changed: bool,
}

impl Version {
    /// The one that a tool from before versions were kept has.
    fn first_kept(tool: &Tool) -> Self {
        Self {
            number: tool.version,
            made_at: tool.updated_at,
            made_by: None,
            api_key_id: None,
            api_key_name: None,
            kind: VersionKind::FirstKept,
            restored_from: None,
            secret_changed: false,
        }
    }
}

/// A version of a tool with what the tool was then, but for its secret.
#[derive(Debug, Clone)]
pub struct VersionDetail {
    pub version: Version,
    pub definition: ToolInput,
}

/// Who makes a version, and how.
#[derive(Clone, Copy)]
pub(super) struct Made<'a> {
    actor: &'a Actor,
    kind: VersionKind,
    restored_from: Option<i64>,
}

impl<'a> Made<'a> {
    pub(super) const fn by(actor: &'a Actor, kind: VersionKind) -> Self {
        Self {
            actor,
            kind,
            restored_from: None,
        }
    }
}

impl Tools {
    /// The tool's versions that are kept, newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the project has no such tool.
    pub async fn versions(&self, access: &Access<Viewer>, id: &ToolId) -> Result<Vec<Version>> {
        let tool = self.get(access, id).await?;
        let mut versions = store::versions::of_tool(&self.core.db, id).await?;
        if versions.is_empty() {
            versions.push(Version::first_kept(&tool));
        }
        Ok(versions)
    }

    /// # Errors
    /// [`Error::NotFound`] where the project has no such tool, or no such version of it is kept.
    pub async fn version(
        &self,
        access: &Access<Viewer>,
        id: &ToolId,
        number: i64,
    ) -> Result<VersionDetail> {
        let tool = self.get(access, id).await?;
        if let Some(found) = store::versions::by_number(&self.core.db, id, number).await? {
            return Ok(found);
        }
        if number != tool.version {
            return Err(Error::NotFound("version of the tool"));
        }
        Ok(VersionDetail {
            version: Version::first_kept(&tool),
            definition: tool.as_input(),
        })
    }

    /// The fields in which two versions differ, whichever came first. `auth_secret` is among them
    /// where the tool's own secret was entered, replaced or dropped in between; what it was is not
    /// kept, so both of its values are null.
    ///
    /// # Errors
    /// As [`Tools::version`].
    pub async fn changes_between(
        &self,
        access: &Access<Viewer>,
        id: &ToolId,
        from: i64,
        to: i64,
    ) -> Result<Vec<FieldChange>> {
        let before = self.version(access, id, from).await?;
        let after = self.version(access, id, to).await?;
        let mut changes = differing(&before.definition, &after.definition);
        let between = from.min(to)..=from.max(to);
        if store::versions::secret_changed(&self.core.db, id, between).await? {
            changes.push(FieldChange::of_secret());
        }
        Ok(changes)
    }

    /// Makes the tool be what a version says, as a new version. A definition comes back and a switch
    /// does not: what somebody disabled meanwhile stays so.
    ///
    /// # Errors
    /// As [`Tools::version`] and [`Tools::replace`]: what was valid then may not be so now. No
    /// version holds a secret, so the tool's own stays under the rule of an edit; where it may not,
    /// the error says so under `auth_secret`.
    pub async fn restore(
        &self,
        access: &Access<Developer>,
        id: &ToolId,
        number: i64,
    ) -> Result<Tool> {
        // Before the transaction: what is kept of a version never changes.
        let kept = self.version(&access.as_viewer(), id, number).await?;
        let made = Made {
            restored_from: Some(number),
            ..Made::by(access.actor(), VersionKind::Restored)
        };
        self.edit(access, id, made, |old, vault| {
            let input = ToolInput {
                is_enabled: old.is_enabled,
                ..kept.definition
            };
            self.next_version(old, &input, vault)
                .map_err(|error| without_secret(error, number))
        })
        .await
    }
}

/// Whoever restores has no field to enter a secret in.
fn without_secret(error: Error, number: i64) -> Error {
    let Error::Invalid(fields) = error else {
        return error;
    };
    let say = |error: FieldError| FieldError {
        message: if error.field == "auth_secret" {
            format!(
                "No version holds a secret, and the tool's present one may not go where version \
                 {number} sends it: edit the tool to be like that version, and enter the secret there."
            )
        } else {
            error.message
        },
        ..error
    };
    Error::Invalid(fields.into_iter().map(say).collect())
}

/// Keeps what a change made, in its transaction, and lets go of the oldest.
pub(super) async fn note(
    tx: &mut Tx,
    old: Option<&Tool>,
    tool: &Tool,
    made: Made<'_>,
) -> Result<()> {
    if let Some(old) = old.filter(|old| old.version == 1) {
        // One from before versions were kept has no row yet.
        store::versions::keep(tx, old, &Version::first_kept(old), None).await?;
    }
    let version = Version {
        api_key_id: made.actor.api_key_id().cloned(),
        kind: match old {
            Some(old) if made.kind == VersionKind::Changed => kind_of(old, tool),
            _ => made.kind,
        },
        restored_from: made.restored_from,
        secret_changed: old.and_then(Tool::own_secret) != tool.own_secret(),
        ..Version::first_kept(tool)
    };
    store::versions::keep(tx, tool, &version, Some(made.actor.user_id())).await?;
    store::versions::let_go(tx, &tool.id, tool.version - MOST_VERSIONS).await?;
    Ok(())
}

fn kind_of(old: &Tool, new: &Tool) -> VersionKind {
    let switched_back = Tool {
        is_enabled: old.is_enabled,
        version: old.version,
        described_at: old.described_at,
        ..new.clone()
    };
    match new.is_enabled {
        _ if !same(&switched_back, old) => VersionKind::Changed,
        true => VersionKind::Enabled,
        false => VersionKind::Disabled,
    }
}
