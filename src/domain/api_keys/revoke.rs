//! Ending keys, with all that they made: other keys, and invitations that are still open.

use super::{ApiKey, ApiKeys, create::entry, store};
use crate::{
    Core, Error, Result,
    accounts::Actor,
    audit::{self, Act},
    changes::{ChangeKind, changed},
    db::Tx,
    ids::ApiKeyId,
    invitations,
    members::{Access, Role, Viewer},
};

impl ApiKeys {
    /// Ends a project's key, from the next request on, and all that was made with it: one's own
    /// in any case, another's as admin, and one that is owner as owner only. Tells how many keys ended.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn revoke(&self, access: &Access<Viewer>, id: &ApiKeyId) -> Result<u64> {
        let mut tx = self.core.db.begin().await?;
        let key = store::locked(&mut tx, id)
            .await?
            .filter(|key| key.project_id.as_ref() == Some(access.project_id()))
            .ok_or(Error::NotFound("API key"))?;
        if !is_own(access.actor(), &key) {
            check_role(access.role(), &key)?;
        }
        self.end(tx, access.actor(), &key).await
    }

    /// Ends a key that the actor made, of the account or of any project, whether or not they are still
    /// a member of it; a key ends itself, those that it made and, as an admin, those of its account
    /// that may do no more than it. Tells how many ended.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`].
    pub async fn revoke_own(&self, actor: &Actor, id: &ApiKeyId) -> Result<u64> {
        let mut tx = self.core.db.begin().await?;
        let key = store::locked(&mut tx, id)
            .await?
            .filter(|key| key.user_id == *actor.user_id())
            .ok_or(Error::NotFound("API key"))?;
        if !is_own(actor, &key) {
            match actor {
                Actor::ApiKey {
                    project_id: None,
                    role,
                    ..
                } => check_role(*role, &key)?,
                _ => return Err(Error::NotFound("API key")),
            }
        }
        self.end(tx, actor, &key).await
    }

    async fn end(&self, mut tx: Tx, by: &Actor, key: &ApiKey) -> Result<u64> {
        let mut ended = 0;
        let mut rest = vec![key.clone()];
        while let Some(key) = rest.pop() {
            end_one(&self.core, &mut tx, &key.id).await?;
            invitations::end_of_key(&mut tx, &key.id, self.core.now()).await?;
            let entry = entry(Act::ApiKeyRevoked, Some(by), &key);
            audit::record(&self.core, &mut tx, entry).await?;
            ended += 1;
            // Read once it is ended: whoever was making one with it has done so, and nobody begins to.
            rest.extend(store::made_by(&mut tx, &key.id).await?);
        }
        tx.commit().await?;
        Ok(ended)
    }
}

/// A person's own are those that they made; a key's are itself and those that it made.
fn is_own(actor: &Actor, key: &ApiKey) -> bool {
    match actor {
        Actor::Person { user_id } => key.user_id == *user_id,
        Actor::ApiKey { id, .. } => key.id == *id || key.made_by_key.as_ref() == Some(id),
    }
}

fn check_role(role: Role, key: &ApiKey) -> Result<()> {
    let needed = key.role.max(Role::Admin);
    if role < needed {
        return Err(Error::Forbidden(format!(
            "This key of another may be revoked by a member with the role {needed}; yours is {role}."
        )));
    }
    Ok(())
}

async fn end_one(core: &Core, tx: &mut Tx, id: &ApiKeyId) -> Result<()> {
    let now = core.now();
    store::end(tx, id, now).await?;
    changed(tx, ChangeKind::ApiKey, id.as_str(), now).await?;
    Ok(())
}
