//! What an owner of the instance sets up.

use std::collections::HashMap;

use super::{
    NO_PROVIDER, OfferedProvider, Provider, ProviderEntry, ProviderInput, ProviderKind, Providers,
    Replaced,
    rules::{self, MOST_PROVIDERS},
    store,
};
use crate::{
    Error, Result,
    accounts::FreshIdentity,
    audit::{self, Act, Entry},
    db::DbError,
    ids::ProviderId,
    instance::InstanceOwner,
    sessions,
};

impl Providers {
    /// The enabled ones, for the sign-in page: anybody may see them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn offered(&self) -> Result<Vec<OfferedProvider>> {
        store::offered(&self.core.db).await
    }

    /// All of them, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn list(&self, _owner: &InstanceOwner) -> Result<Vec<ProviderEntry>> {
        let mut tx = self.core.db.begin().await?;
        let mut uses = HashMap::new();
        for (id, accounts, only_way_in) in store::uses(&mut tx).await? {
            let sessions = sessions::live_of_provider(&self.core, &mut tx, &id).await?;
            uses.insert(id, (accounts, only_way_in, sessions));
        }
        tx.commit().await?;
        let entry = |provider: Provider| {
            let (accounts, only_way_in, sessions) = uses.remove(&provider.id).unwrap_or_default();
            ProviderEntry {
                redirect_uri: self.redirect_uri(&provider.id),
                provider,
                accounts,
                only_way_in,
                sessions,
            }
        };
        let all = store::all(&self.core.db).await?;
        Ok(all.into_iter().map(entry).collect())
    }

    /// # Errors
    /// [`Error::NotFound`].
    pub async fn get(&self, owner: &InstanceOwner, id: &ProviderId) -> Result<ProviderEntry> {
        let mut entries = self.list(owner).await?.into_iter();
        entries
            .find(|entry| entry.provider.id == *id)
            .ok_or(NO_PROVIDER)
    }

    /// Adds a provider. One of OpenID is asked for its documents at once: what cannot be used is
    /// refused with what is wrong with it.
    ///
    /// # Errors
    /// [`Error::Invalid`] by field; [`Error::Conflict`] for a name that is taken;
    /// [`Error::ProofNeeded`] for somebody else's proof.
    pub async fn create(
        &self,
        owner: &InstanceOwner,
        proof: &FreshIdentity,
        input: &ProviderInput,
    ) -> Result<Provider> {
        is_owners(owner, proof)?;
        let id = ProviderId::new(&*self.core.clock, &*self.core.random);
        let provider = rules::checked(&self.core, input, id, None)?;
        if provider.kind != ProviderKind::GitHub {
            self.known
                .fetched(&provider.issuer)
                .await
                .map_err(|fault| {
                    Error::invalid(
                        "issuer",
                        format!("This provider cannot be used: {}.", fault.detail),
                    )
                })?;
        }
        let mut tx = self.core.db.begin().await?;
        let count = store::count(&mut tx).await?;
        if usize::try_from(count).is_ok_and(|count| count >= MOST_PROVIDERS) {
            return Err(Error::conflict(
                "name",
                format!("There are {MOST_PROVIDERS} sign-in providers: delete one first."),
            ));
        }
        store::insert(&mut tx, &provider, owner.actor().user_id())
            .await
            .map_err(|error| name_taken(error, &provider))?;
        let entry = entry(Act::ProviderAdded, owner, &provider, 0);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(provider)
    }

    /// Replaces all but kind and issuer; the secret stays where the input leaves it out. To switch it
    /// off ends the sessions that it began, from the next request on: whoever switches it off does not
    /// believe any more what it says of people.
    ///
    /// # Errors
    /// As [`Providers::create`]; [`Error::NotFound`].
    pub async fn replace(
        &self,
        owner: &InstanceOwner,
        proof: &FreshIdentity,
        id: &ProviderId,
        input: &ProviderInput,
    ) -> Result<Replaced> {
        is_owners(owner, proof)?;
        let mut tx = self.core.db.begin().await?;
        let old = store::locked(&mut tx, id).await?.ok_or(NO_PROVIDER)?;
        let provider = rules::checked(&self.core, input, id.clone(), Some(&old))?;
        store::update(&mut tx, &provider)
            .await
            .map_err(|error| name_taken(error, &provider))?;
        let sessions_ended = match provider.is_enabled {
            true => 0,
            false => sessions::end_of_provider(&self.core, &mut tx, id).await?,
        };
        let entry = entry(Act::ProviderChanged, owner, &provider, sessions_ended);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(Replaced {
            provider,
            sessions_ended,
        })
    }

    /// Deletes a provider and what links accounts to it, and ends the sessions that it began. Where
    /// accounts have no other way in, only if `strand_accounts` says so: their people can still recover
    /// them. Tells how many live sessions ended.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] with the number of such accounts.
    pub async fn delete(
        &self,
        owner: &InstanceOwner,
        proof: &FreshIdentity,
        id: &ProviderId,
        strand_accounts: bool,
    ) -> Result<i64> {
        is_owners(owner, proof)?;
        let mut tx = self.core.db.begin().await?;
        let provider = store::locked(&mut tx, id).await?.ok_or(NO_PROVIDER)?;
        let uses = store::uses(&mut tx).await?;
        let stranded = uses
            .into_iter()
            .find(|(one, ..)| one == id)
            .map_or(0, |(.., only_way_in)| only_way_in);
        if stranded > 0 && !strand_accounts {
            let accounts = match stranded {
                1 => "1 account has".to_owned(),
                many => format!("{many} accounts have"),
            };
            return Err(Error::conflict(
                "strand_accounts",
                format!(
                    "{accounts} no other way to sign in. Confirm that you delete the provider all \
                     the same: their people then have to recover their accounts."
                ),
            ));
        }
        let ended = sessions::end_of_provider(&self.core, &mut tx, id).await?;
        store::delete(&mut tx, id).await?;
        let entry = entry(Act::ProviderRemoved, owner, &provider, ended);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(ended)
    }
}

fn is_owners(owner: &InstanceOwner, proof: &FreshIdentity) -> Result<()> {
    if proof.is_of(owner.actor()) {
        Ok(())
    } else {
        Err(Error::ProofNeeded)
    }
}

fn entry(act: Act, owner: &InstanceOwner, provider: &Provider, sessions_ended: i64) -> Entry {
    let state = if provider.is_enabled {
        ""
    } else {
        ", disabled"
    };
    let mut detail = format!("{} ({}{state})", provider.name, provider.kind);
    if sessions_ended > 0 {
        detail += &format!("; sessions ended: {sessions_ended}");
    }
    Entry::by(act, owner.actor()).with_detail(detail)
}

fn name_taken(error: DbError, provider: &Provider) -> Error {
    if error.is_unique_violation() {
        let message = format!(
            "There is a sign-in provider named {:?} already.",
            provider.name
        );
        Error::conflict("name", message)
    } else {
        error.into()
    }
}
