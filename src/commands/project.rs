//! Whose project a command acts on, and as whom.

use clap::Args;
use domain::{
    Services,
    accounts::Actor,
    ids::ProjectId,
    members::{Access, Developer, Level},
};

use super::{CommandError, load, open, services};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct OfProject {
    /// The project, by its id [default: the only one there is]
    #[arg(long, value_name = "ID")]
    project: Option<String>,
    /// Who does it: the email of a member who may change tools [default: who made the project]
    #[arg(long, value_name = "EMAIL")]
    by: Option<String>,
}

/// Opens what there is, for a command that acts on it beside the server.
///
/// # Errors
/// Where the configuration or the database cannot be used.
pub(super) async fn open_services(flags: Flags) -> Result<Services, CommandError> {
    let config = load(flags)?;
    let db = open(&config).await?;
    services(&config, db, Vec::new(), None)
}

impl OfProject {
    /// # Errors
    /// Where there is no such project or account, or the account may not change the project's tools.
    pub async fn developer(&self, services: &Services) -> Result<Access<Developer>, CommandError> {
        self.access(services).await
    }

    /// The same where nobody named a project or a person and there is no project yet: none.
    ///
    /// # Errors
    /// As [`OfProject::developer`].
    pub async fn developer_if_any(
        &self,
        services: &Services,
    ) -> Result<Option<Access<Developer>>, CommandError> {
        let is_unnamed = self.project.is_none() && self.by.is_none();
        if is_unnamed && services.projects.all_by_operator().await?.is_empty() {
            return Ok(None);
        }
        self.developer(services).await.map(Some)
    }

    /// The same with any role.
    ///
    /// # Errors
    /// As [`OfProject::developer`].
    pub async fn access<L: Level>(&self, services: &Services) -> Result<Access<L>, CommandError> {
        let project = match &self.project {
            Some(id) => ProjectId::from(id.as_str()),
            None => only_project(services).await?,
        };
        let user_id = match &self.by {
            Some(email) => {
                let account = services.accounts.by_email(email).await?;
                account
                    .ok_or_else(|| CommandError::Usage(format!("--by: no account {email}")))?
                    .id
            }
            None => services
                .projects
                .created_by(&project)
                .await?
                .ok_or_else(|| CommandError::Usage(format!("--project: no project {project}")))?,
        };
        let actor = Actor::Person { user_id };
        Ok(services.members.access(&actor, &project).await?)
    }
}

async fn only_project(services: &Services) -> Result<ProjectId, CommandError> {
    let projects = services.projects.all_by_operator().await?;
    match projects.as_slice() {
        [only] => Ok(only.id.clone()),
        [] => Err(CommandError::Usage(
            "--project: there is no project yet".to_owned(),
        )),
        several => {
            let choices: Vec<String> = several
                .iter()
                .map(|one| format!("{} ({})", one.id, one.name))
                .collect();
            let message = format!("--project: say which one: {}", choices.join(", "));
            Err(CommandError::Usage(message))
        }
    }
}
