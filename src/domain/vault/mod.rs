//! A project's named secrets, which its tools refer to. Each may be sent to the origins that it is
//! for and nowhere else: whoever may make a tool could otherwise send it home.

mod client;
mod rules;
pub(crate) mod store;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

pub use client::{ClientAuth, OAuthClient};
pub(crate) use rules::no_such;

use crate::{
    Core, Error, Result,
    accounts::FreshIdentity,
    audit::{self, Act, Entry},
    changes::{ChangeKind, changed},
    clock::Timestamp,
    crypto::{base64url, sha256},
    db::Tx,
    execute::Network,
    ids::{ProjectId, VaultSecretId},
    listing::{Listed, Words},
    members::{Access, Admin, Viewer, must_be_proved},
    tools::{AuthConfig, AuthStrategy},
    upstream,
};

/// A secret as it comes in.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VaultSecretInput {
    /// What tools call it by; `^[a-zA-Z][a-zA-Z0-9_-]{0,63}$`.
    pub name: String,
    /// Where it may be sent: `https://api.example.com`.
    pub origins: Vec<String>,
    /// Write-only: left out, the stored one stays.
    #[serde(default, skip_serializing)]
    pub value: Option<String>,
    /// How tools send it, which is not theirs to choose; left out for the secret of a client.
    #[serde(default)]
    pub auth_strategy: AuthStrategy,
    #[serde(default)]
    pub auth_config: AuthConfig,
    /// Where it is the secret of an OAuth 2 client.
    #[serde(default)]
    pub oauth2: Option<OAuthClient>,
}

impl std::fmt::Debug for VaultSecretInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VaultSecretInput")
            .field("name", &self.name)
            .field("value", &self.value.as_ref().map(|_| "redacted"))
            .finish_non_exhaustive()
    }
}

/// A secret as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct VaultSecret {
    pub id: VaultSecretId,
    pub name: String,
    /// Scheme, host and port only, in order.
    pub origins: Vec<String>,
    /// How it is sent; `none` for the secret of a client.
    pub auth_strategy: AuthStrategy,
    pub auth_config: AuthConfig,
    pub oauth2: Option<OAuthClient>,
    /// Sealed with the secret's id as its context; `None` for a client that has no secret.
    pub sealed: Option<Vec<u8>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl std::fmt::Debug for VaultSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VaultSecret")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl VaultSecret {
    #[must_use]
    pub fn may_go_to(&self, origin: &str) -> bool {
        self.origins.iter().any(|allowed| allowed == origin)
    }

    /// How tools send it, in words.
    #[must_use]
    pub fn sent_as(&self) -> String {
        let config = &self.auth_config;
        let names = [&config.header, &config.parameter, &config.username];
        match names.into_iter().flatten().next() {
            Some(name) => format!("{} ({name})", self.auth_strategy),
            None => self.auth_strategy.to_string(),
        }
    }

    /// What people give leave to: with another digest it is another client, or their tokens go to
    /// other places.
    #[must_use]
    pub fn client_digest(&self) -> String {
        let client = self.oauth2.as_ref().map(OAuthClient::what_people_approve);
        let what = serde_json::to_vec(&(client, &self.origins)).expect("names and URLs are JSON");
        base64url(&sha256(&what))
    }

    /// The secret as an input that would leave it as it is.
    #[must_use]
    pub fn as_input(&self) -> VaultSecretInput {
        VaultSecretInput {
            name: self.name.clone(),
            origins: self.origins.clone(),
            value: None,
            auth_strategy: self.auth_strategy,
            auth_config: self.auth_config.clone(),
            oauth2: self.oauth2.clone(),
        }
    }

    /// The secret itself; `None` for a client that has none.
    ///
    /// # Errors
    /// [`Error::Corrupt`] where it was sealed under another master key.
    pub(crate) fn open(&self, core: &Core) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let opened =
            (self.sealed.as_ref()).map(|sealed| core.sealer.open(self.id.as_str(), sealed));
        opened.transpose()
    }
}

/// A secret as it is shown: which tools use it and who changed it last, and not the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultEntry {
    pub secret: VaultSecret,
    /// The tools' names, in order.
    pub used_by: Vec<String>,
    /// The email of who changed it last.
    pub updated_by: Option<String>,
}

/// A secret in the list that people look through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultSummary {
    pub secret: VaultSecret,
    /// How many tools use it.
    pub tools: i64,
    /// The email of who changed it last.
    pub updated_by: Option<String>,
}

/// The room's service.
#[derive(Clone)]
pub struct Vault {
    core: Core,
    network: Network,
}

impl Vault {
    pub(crate) const fn new(core: Core, network: Network) -> Self {
        Self { core, network }
    }

    /// The project's secrets, by name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, access: &Access<Viewer>) -> Result<Vec<VaultEntry>> {
        let mut users: BTreeMap<VaultSecretId, Vec<String>> = BTreeMap::new();
        for (id, tool) in store::uses(&self.core.db, access.project_id()).await? {
            users.entry(id).or_default().push(tool);
        }
        let stored = store::of_project(&self.core.db, access.project_id()).await?;
        let entry = |(secret, updated_by): (VaultSecret, Option<String>)| {
            let mut used_by = users.remove(&secret.id).unwrap_or_default();
            used_by.sort_unstable();
            VaultEntry {
                secret,
                used_by,
                updated_by,
            }
        };
        let mut entries: Vec<_> = stored.into_iter().map(entry).collect();
        entries.sort_unstable_by(|a, b| a.secret.name.cmp(&b.secret.name));
        Ok(entries)
    }

    /// A page of those whose name or origins hold every word, by name.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn found(
        &self,
        access: &Access<Viewer>,
        words: &Words,
        page: usize,
    ) -> Result<Listed<VaultSummary>> {
        store::found(&self.core.db, access.project_id(), words, page).await
    }

    /// The project that a secret belongs to, for whoever then shows that they are a member of it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn project_of(&self, id: &VaultSecretId) -> Result<Option<ProjectId>> {
        store::project_of(&self.core.db, id).await
    }

    /// # Errors
    /// [`Error::NotFound`] where the project has no such secret.
    pub async fn get(&self, access: &Access<Viewer>, id: &VaultSecretId) -> Result<VaultEntry> {
        let mut entries = self.list(access).await?.into_iter();
        entries
            .find(|entry| entry.secret.id == *id)
            .ok_or(Error::NotFound("secret"))
    }

    /// Keeps a new secret.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every broken rule; [`Error::Conflict`] for a name that is taken.
    pub async fn create(
        &self,
        access: &Access<Admin>,
        input: &VaultSecretInput,
    ) -> Result<VaultSecret> {
        let id = VaultSecretId::new(&*self.core.clock, &*self.core.random);
        let mut tx = self.core.db.begin().await?;
        store::turn(&mut tx, access.project_id()).await?;
        let count = store::count(&mut tx, access.project_id()).await?;
        let secret = rules::checked(&self.core, &self.network, input, id, None)?;
        if count >= rules::MOST {
            return Err(Error::conflict(
                "name",
                format!(
                    "A project keeps at most {} secrets: delete one first.",
                    rules::MOST
                ),
            ));
        }
        store::insert(&mut tx, access.project_id(), &secret, access.user_id())
            .await
            .map_err(|error| name_taken(error, &secret))?;
        let entry = Entry::of_access(Act::VaultSecretMade, access).with_detail(&secret.name);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Replaces a secret; the value stays where the input leaves it out. The tools that use it have
    /// the new one from their next call on. A person needs a fresh proof: with another value, or more
    /// places to send it to, tools work for somebody else.
    ///
    /// # Errors
    /// As [`Vault::create`]; [`Error::NotFound`]; [`Error::ProofNeeded`]; [`Error::Conflict`] where a
    /// tool that uses it could not any more.
    pub async fn replace(
        &self,
        access: &Access<Admin>,
        id: &VaultSecretId,
        input: &VaultSecretInput,
        proof: Option<&FreshIdentity>,
    ) -> Result<VaultSecret> {
        self.patch(access, id, |_| Ok(input.clone()), proof).await
    }

    /// The same for the command line, whose user holds the database anyway.
    ///
    /// # Errors
    /// As [`Vault::replace`].
    pub async fn replace_by_operator(
        &self,
        access: &Access<Admin>,
        id: &VaultSecretId,
        input: &VaultSecretInput,
    ) -> Result<VaultSecret> {
        self.change(access, id, |_| Ok(input.clone())).await
    }

    /// Changes a secret by what it is at that moment: two edits at once both hold.
    ///
    /// # Errors
    /// As [`Vault::replace`], and what `change` refuses.
    pub async fn patch(
        &self,
        access: &Access<Admin>,
        id: &VaultSecretId,
        change: impl FnOnce(VaultSecretInput) -> Result<VaultSecretInput> + Send,
        proof: Option<&FreshIdentity>,
    ) -> Result<VaultSecret> {
        must_be_proved(access.actor(), proof)?;
        self.change(access, id, change).await
    }

    async fn change(
        &self,
        access: &Access<Admin>,
        id: &VaultSecretId,
        change: impl FnOnce(VaultSecretInput) -> Result<VaultSecretInput> + Send,
    ) -> Result<VaultSecret> {
        let mut tx = self.core.db.begin().await?;
        store::turn(&mut tx, access.project_id()).await?;
        let old = store::locked(&mut tx, access.project_id(), id)
            .await?
            .ok_or(Error::NotFound("secret"))?;
        let input = change(old.as_input())?;
        let secret = rules::checked(&self.core, &self.network, &input, id.clone(), Some(&old))?;
        for user in store::users_of(&mut tx, id).await? {
            user.still_served_by(&old, &secret)?;
        }
        if !is_known_client(&old, &secret) {
            // What people gave leave for was another server, or fewer places for their tokens.
            upstream::end_all(&mut tx, id).await?;
        }
        store::update(&mut tx, &secret, access.user_id())
            .await
            .map_err(|error| name_taken(error, &secret))?;
        self.changed(&mut tx, access).await?;
        let detail = match old.name == secret.name {
            true => secret.name.clone(),
            false => format!("{}, before {}", secret.name, old.name),
        };
        let entry = Entry::of_access(Act::VaultSecretReplaced, access).with_detail(detail);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// # Errors
    /// [`Error::NotFound`]; [`Error::ProofNeeded`]; [`Error::Conflict`] with the names of the tools
    /// that use it.
    pub async fn delete(
        &self,
        access: &Access<Admin>,
        id: &VaultSecretId,
        proof: Option<&FreshIdentity>,
    ) -> Result<()> {
        must_be_proved(access.actor(), proof)?;
        self.delete_by_operator(access, id).await
    }

    /// The same for the command line, whose user holds the database anyway.
    ///
    /// # Errors
    /// As [`Vault::delete`].
    pub async fn delete_by_operator(
        &self,
        access: &Access<Admin>,
        id: &VaultSecretId,
    ) -> Result<()> {
        let mut tx = self.core.db.begin().await?;
        store::turn(&mut tx, access.project_id()).await?;
        let secret = store::locked(&mut tx, access.project_id(), id)
            .await?
            .ok_or(Error::NotFound("secret"))?;
        let users = store::users_of(&mut tx, id).await?;
        if !users.is_empty() {
            let names: Vec<_> = users.into_iter().map(|user| user.tool).collect();
            return Err(Error::conflict(
                "name",
                format!(
                    "Tools use it: {}. Give them another secret first.",
                    some_of(&names)
                ),
            ));
        }
        store::delete(&mut tx, id).await?;
        self.changed(&mut tx, access).await?;
        let entry = Entry::of_access(Act::VaultSecretDeleted, access).with_detail(&secret.name);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    /// What is remembered of the project's tools holds their secrets too.
    async fn changed(&self, tx: &mut Tx, access: &Access<Admin>) -> Result<()> {
        let project = access.project_id().as_str();
        changed(tx, ChangeKind::Tools, project, self.core.now()).await?;
        Ok(())
    }
}

/// A tool that uses a secret.
struct Use {
    tool: String,
    base_url: String,
}

impl Use {
    fn still_served_by(&self, old: &VaultSecret, new: &VaultSecret) -> Result<()> {
        let Self { tool, base_url } = self;
        if !new.may_go_to(base_url) {
            return Err(Error::conflict(
                "origins",
                format!(
                    "The tool {tool:?} sends it to {base_url}: leave that origin, or change the tool first."
                ),
            ));
        }
        let as_it_is = || {
            format!(
                "The tool {tool:?} uses it as it is: make a new secret, or change the tool first."
            )
        };
        let can_authorize = |secret: &VaultSecret| {
            (secret.oauth2.as_ref()).map(|client| client.authorization_url.is_some())
        };
        // A tool's strategy rests on which of the two it is, and on whether people can connect.
        if can_authorize(old) != can_authorize(new) {
            return Err(Error::conflict("oauth2", as_it_is()));
        }
        let sent = |secret: &VaultSecret| (secret.auth_strategy, secret.auth_config.clone());
        if sent(old) != sent(new) {
            return Err(Error::conflict("auth_strategy", as_it_is()));
        }
        Ok(())
    }
}

/// Whether what people gave leave for is still what it is.
fn is_known_client(old: &VaultSecret, new: &VaultSecret) -> bool {
    let what = |secret: &VaultSecret| {
        let client = secret.oauth2.as_ref();
        client.map(|client| serde_json::to_value(client.what_people_approve()).unwrap_or_default())
    };
    what(old) == what(new) && new.origins.iter().all(|origin| old.may_go_to(origin))
}

/// The first few names, and how many more there are.
fn some_of(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut text = names
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}

fn name_taken(error: crate::db::DbError, secret: &VaultSecret) -> Error {
    if error.is_unique_violation() {
        let message = format!("The project has a secret named {:?} already.", secret.name);
        Error::conflict("name", message)
    } else {
        error.into()
    }
}
