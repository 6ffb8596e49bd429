//! Secrets of an integration: at most two live ones, so that a new one can be handed out before the
//! old one stops working.

use super::{ClientKind, Integration, Integrations, SECRET_PREFIX, store};
use crate::{
    Error, Result,
    accounts::FreshIdentity,
    audit::{self, Act, Entry},
    clock::Timestamp,
    crypto::BearerSecret,
    db::Tx,
    ids::{IntegrationId, SecretId, UserId},
    members::{Access, Admin, Viewer},
};

/// How long the old secret still works after a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overlap {
    #[default]
    None,
    OneHour,
    OneDay,
    OneWeek,
}

impl Overlap {
    pub const ALL: &'static [Self] = &[Self::None, Self::OneHour, Self::OneDay, Self::OneWeek];

    #[must_use]
    pub const fn seconds(self) -> i64 {
        match self {
            Self::None => 0,
            Self::OneHour => 3_600,
            Self::OneDay => 86_400,
            Self::OneWeek => 7 * 86_400,
        }
    }

    /// # Errors
    /// [`Error::Invalid`] for `overlap_seconds`.
    pub fn from_seconds(seconds: i64) -> Result<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|overlap| overlap.seconds() == seconds)
            .ok_or_else(|| {
                Error::invalid(
                    "overlap_seconds",
                    "Use 0, 3600 (an hour), 86400 (a day) or 604800 (a week).",
                )
            })
    }
}

/// A live secret, as far as it can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretInfo {
    pub id: SecretId,
    pub prefix: String,
    /// The email of who created it, where the account is still there.
    pub created_by: Option<String>,
    pub created_at: Timestamp,
    /// When it stops working; `None`: not until somebody says so.
    pub ends_at: Option<Timestamp>,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
}

impl Integrations {
    /// The live secrets of an integration, newest first, without the secrets.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn secrets(
        &self,
        access: &Access<Viewer>,
        id: &IntegrationId,
    ) -> Result<Vec<SecretInfo>> {
        let integration = self.get(access, id).await?;
        self.secrets_of(access, &integration).await
    }

    /// The same, for who has looked the integration up.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an integration of another project.
    pub async fn secrets_of(
        &self,
        access: &Access<Viewer>,
        integration: &Integration,
    ) -> Result<Vec<SecretInfo>> {
        integration.check_project(access)?;
        store::live_secrets(&self.core.db, &integration.id, self.core.now()).await
    }

    /// A new secret. The newest of the old ones works on for the overlap, every other one stops with
    /// this commit.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a public client, which has no secret;
    /// [`Error::ProofNeeded`].
    pub async fn rotate_secret(
        &self,
        access: &Access<Admin>,
        id: &IntegrationId,
        overlap: Overlap,
        proof: &FreshIdentity,
    ) -> Result<(Integration, BearerSecret)> {
        proof.check(access.actor())?;
        let now = self.core.now();
        let mut tx = self.core.db.begin().await?;
        // Of two rotations at once the second ends, or lets live on, what the first one made.
        let integration = Self::locked(&mut tx, access, id).await?;
        if integration.client_kind == ClientKind::Public {
            return Err(Error::invalid(
                "client_kind",
                "A public client has no secret to rotate.",
            ));
        }
        let live = store::live_secrets_in(&mut tx, id, now).await?;
        let kept = live.first().filter(|_| overlap != Overlap::None);
        store::end_secrets(&mut tx, id, kept.map(|secret| &secret.id), now).await?;
        if let Some(kept) = kept {
            let until = now.plus_seconds(overlap.seconds());
            // Never longer than was said before.
            let until = kept.ends_at.map_or(until, |before| before.min(until));
            store::end_secret(&mut tx, id, &kept.id, now, until).await?;
        }
        let secret = self.insert_secret(&mut tx, id, access.user_id()).await?;
        let others = match kept {
            Some(_) => format!("the one before works {} s more", overlap.seconds()),
            None => "the ones before ended".to_owned(),
        };
        let prefix = secret.shown_prefix(SECRET_PREFIX);
        let entry = Entry::of_access(Act::IntegrationSecretMade, access)
            .with_detail(format!("{id}, {prefix}…; {others}"));
        audit::record(&self.core, &mut tx, entry).await?;
        self.changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok((integration, secret))
    }

    /// Ends one live secret now. The one that would not run out by itself cannot be ended: rotate it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`].
    pub async fn end_secret(
        &self,
        access: &Access<Admin>,
        id: &IntegrationId,
        secret: &SecretId,
    ) -> Result<()> {
        let now = self.core.now();
        let mut tx = self.core.db.begin().await?;
        Self::locked(&mut tx, access, id).await?;
        let live = store::live_secrets_in(&mut tx, id, now).await?;
        let ended = live.iter().find(|one| one.id == *secret);
        let ended = ended.ok_or(Error::NotFound("secret"))?;
        let stays = |one: &SecretInfo| one.id != *secret && one.ends_at.is_none();
        if !live.iter().any(stays) {
            return Err(Error::conflict(
                "secret",
                "Without it no secret would work for good. Rotate it, or deactivate the integration.",
            ));
        }
        store::end_secret(&mut tx, id, secret, now, now).await?;
        let entry = Entry::of_access(Act::IntegrationSecretEnded, access)
            .with_detail(format!("{id}, {}…", ended.prefix));
        audit::record(&self.core, &mut tx, entry).await?;
        self.changed(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn insert_secret(
        &self,
        tx: &mut Tx,
        id: &IntegrationId,
        by: &UserId,
    ) -> Result<BearerSecret> {
        let secret = BearerSecret::generate(&*self.core.random, SECRET_PREFIX);
        let secret_id = SecretId::new(&*self.core.clock, &*self.core.random);
        store::insert_secret(
            tx,
            store::NewSecret {
                id: &secret_id,
                integration_id: id,
                prefix: &secret.shown_prefix(SECRET_PREFIX),
                hash: &secret.hash(),
                created_by: by,
                created_at: self.core.now(),
            },
        )
        .await?;
        Ok(secret)
    }
}
