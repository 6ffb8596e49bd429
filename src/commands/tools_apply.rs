//! `tengine tools apply`

use std::path::PathBuf;

use clap::Args;
use domain::{accounts::Actor, ids::ProjectId, members::Developer};
use serde_json::json;

use super::{CommandError, bootstrap::read_tools, load, open, services};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    /// A JSON file with an array of tools
    file: PathBuf,
    /// The project, by its id [default: the only one there is]
    #[arg(long, value_name = "ID")]
    project: Option<String>,
    /// Who does it: the email of a member who may change tools [default: who made the project]
    #[arg(long, value_name = "EMAIL")]
    by: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Applies all of the file or nothing.
///
/// # Errors
/// Where an argument, the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let config = load(flags)?;
    let tools = read_tools(&arguments.file)?;
    let db = open(&config).await?;
    let services = services(&config, db, Vec::new(), None);
    let project = match arguments.project {
        Some(id) => ProjectId::from(id),
        None => only_project(&services).await?,
    };
    let user_id = match &arguments.by {
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
    let access = services
        .members
        .access::<Developer>(&actor, &project)
        .await?;
    let applied = services.tools.apply(&access, &tools).await?;
    if arguments.json {
        println!(
            "{}",
            json!({
                "created": applied.created,
                "updated": applied.updated,
                "unchanged": applied.unchanged,
            })
        );
    } else {
        for (what, names) in [
            ("created", &applied.created),
            ("updated", &applied.updated),
            ("unchanged", &applied.unchanged),
        ] {
            for name in names {
                println!("{what:>9} {name}");
            }
        }
    }
    Ok(())
}

async fn only_project(services: &domain::Services) -> Result<ProjectId, CommandError> {
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
