//! Everything that a connection needs, made in one transaction by whoever holds the database: for
//! automation and for the tests.

use crate::{
    Result, Services,
    accounts::{Account, Actor},
    api_keys::NewApiKey,
    audit::{self, Act, Entry},
    crypto::BearerSecret,
    integrations::{Integration, NewIntegration},
    members::Role,
    projects::Project,
    tools::ToolInput,
};

/// What to make.
pub struct Bootstrap<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub project: &'a str,
    pub tools: &'a [ToolInput],
    pub integration: NewIntegration,
}

/// What was made; the secrets are shown here once.
pub struct Bootstrapped {
    pub account: Account,
    pub project: Project,
    pub integration: Integration,
    pub client_secret: Option<BearerSecret>,
    pub api_key: BearerSecret,
}

impl Services {
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) by field, and
    /// [`Error::Conflict`](crate::Error::Conflict) where the account exists; then nothing was made.
    pub async fn bootstrap(&self, input: Bootstrap<'_>) -> Result<Bootstrapped> {
        let mut tx = self.core.db.begin().await?;
        let account = self
            .accounts
            .insert_by_operator(&mut tx, input.email, input.password)
            .await?;
        let project = self
            .projects
            .insert(&mut tx, &account.id, input.project)
            .await
            .map_err(|error| error.renamed("name", "project"))?;
        let actor = Actor::Person {
            user_id: account.id.clone(),
        };
        self.tools
            .apply_in(&mut tx, &actor, &project.id, input.tools)
            .await?;
        let (integration, client_secret) = self
            .integrations
            .insert(&mut tx, &project.id, &account.id, &input.integration)
            .await
            .map_err(|error| error.renamed("name", "integration"))?;
        for act in [Act::ProjectMade, Act::IntegrationMade] {
            let entry = Entry::unattributed(act).in_project(&project.id);
            audit::record(&self.core, &mut tx, entry).await?;
        }
        let new_key = NewApiKey::named("bootstrap", Role::Owner);
        let (_, api_key) = self
            .api_keys
            .insert_by_operator(&mut tx, &project.id, &account.id, &new_key)
            .await?;
        tx.commit().await?;
        Ok(Bootstrapped {
            account,
            project,
            integration,
            client_secret,
            api_key,
        })
    }
}
