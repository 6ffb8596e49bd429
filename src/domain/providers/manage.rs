//! What an owner of the instance sets up.

use std::collections::HashMap;

use super::{
    NO_PROVIDER, OfferedProvider, Provider, ProviderEntry, ProviderInput, ProviderKind, Providers,
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
        let uses = store::uses(&mut tx).await?;
        tx.commit().await?;
        let mut uses: HashMap<_, _> = uses
            .into_iter()
            .map(|(id, accounts, only_way_in)| (id, (accounts, only_way_in)))
            .collect();
        let entry = |provider: Provider| {
            let (accounts, only_way_in) = uses.remove(&provider.id).unwrap_or_default();
            ProviderEntry {
                redirect_uri: self.redirect_uri(&provider.id),
                provider,
                accounts,
                only_way_in,
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
        let entry = entry(Act::ProviderAdded, owner, &provider);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(provider)
    }

    /// Replaces all but kind and issuer; the secret stays where the input leaves it out.
    ///
    /// # Errors
    /// As [`Providers::create`]; [`Error::NotFound`].
    pub async fn replace(
        &self,
        owner: &InstanceOwner,
        proof: &FreshIdentity,
        id: &ProviderId,
        input: &ProviderInput,
    ) -> Result<Provider> {
        is_owners(owner, proof)?;
        let mut tx = self.core.db.begin().await?;
        let old = store::locked(&mut tx, id).await?.ok_or(NO_PROVIDER)?;
        let provider = rules::checked(&self.core, input, id.clone(), Some(&old))?;
        store::update(&mut tx, &provider)
            .await
            .map_err(|error| name_taken(error, &provider))?;
        let entry = entry(Act::ProviderChanged, owner, &provider);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(provider)
    }

    /// Deletes a provider and what links accounts to it. Where accounts have no other way in, only
    /// if `strand_accounts` says so: their people can still recover them.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] with the number of such accounts.
    pub async fn delete(
        &self,
        owner: &InstanceOwner,
        proof: &FreshIdentity,
        id: &ProviderId,
        strand_accounts: bool,
    ) -> Result<()> {
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
        store::delete(&mut tx, id).await?;
        let entry = entry(Act::ProviderRemoved, owner, &provider);
        audit::record(&self.core, &mut tx, entry).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn is_owners(owner: &InstanceOwner, proof: &FreshIdentity) -> Result<()> {
    if proof.is_of(owner.actor()) {
        Ok(())
    } else {
        Err(Error::ProofNeeded)
    }
}

fn entry(act: Act, owner: &InstanceOwner, provider: &Provider) -> Entry {
    let state = if provider.is_enabled {
        ""
    } else {
        ", disabled"
    };
    let detail = format!("{} ({}{state})", provider.name, provider.kind);
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
