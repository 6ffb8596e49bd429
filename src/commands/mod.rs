//! What the command line does, one command per file.

pub mod bootstrap;
pub mod cli;
pub mod keys_rotate;
pub mod keys_rotate_master;
pub mod migrate;
mod project;
pub mod serve;
pub mod tools_apply;
pub mod tools_diff;
pub mod tools_export;
pub mod tools_file;
pub mod tools_import;
pub mod tools_lint;
pub mod user;
mod user_disable;
mod user_enable;
mod user_list;
mod user_make_owner;
mod user_reset_link;
pub mod vault_delete;
pub mod vault_list;
pub mod vault_set;

use std::{fmt, net::SocketAddr, sync::Arc};

use domain::{
    Core, Services,
    clock::{SystemClock, SystemRandom},
    db::Db,
    execute::Network,
    instance::FixedSettings,
    sealing::Sealer,
    services::CoreParts,
};

use crate::config::{Config, ConfigError, Flags, Sources, StorageConfig, environment};

/// Why a command failed.
#[derive(Debug)]
pub enum CommandError {
    /// A setting or an argument that cannot be used: exit code 2.
    Usage(String),
    /// Anything else: exit code 1.
    Failed(String),
}

impl CommandError {
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Failed(_) => 1,
        }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(message) | Self::Failed(message)) = self;
        f.write_str(message)
    }
}

impl From<ConfigError> for CommandError {
    fn from(error: ConfigError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<domain::Error> for CommandError {
    fn from(error: domain::Error) -> Self {
        use domain::Error as E;
        match &error {
            E::Invalid(fields) => Self::Usage(
                fields
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join("\n  "),
            ),
            E::Conflict(_)
            | E::NotFound(_)
            | E::Forbidden(_)
            | E::ProofNeeded
            | E::SecondFactorNeeded(_)
            | E::WrongCredentials => Self::Usage(error.to_string()),
            E::Throttled { .. } | E::LimitReached { .. } | E::Corrupt { .. } | E::Database(_) => {
                Self::Failed(error.to_string())
            }
        }
    }
}

fn load(flags: Flags) -> Result<Config, CommandError> {
    let sources = Sources::load(flags, environment)?;
    Ok(Config::from(&sources)?)
}

/// Opens the database and brings its schema up to date.
async fn open(config: &Config) -> Result<Db, CommandError> {
    let failed = |error: domain::db::DbError| {
        CommandError::Failed(format!("the database cannot be used: {error}"))
    };
    let db = Db::open(&config.storage.database).await.map_err(|error| {
        CommandError::Usage(format!("TENGINE_DATABASE_URL: cannot be opened: {error}"))
    })?;
    db.migrate().await.map_err(failed)?;
    crate::session::migrate(&db)
        .await
        .map_err(|why| CommandError::Failed(format!("the database cannot be used: {why}")))?;
    Ok(db)
}

/// Reads its keys again where another process replaces them.
fn sealer(storage: &StorageConfig) -> Sealer {
    let keys = storage.master_key.clone();
    match storage.key_source.read_again() {
        Some(read_again) => Sealer::followed(keys, read_again),
        None => Sealer::new(keys),
    }
}

/// # Errors
/// Where mail cannot be set up.
fn services(
    config: &Config,
    db: Db,
    listeners: Vec<SocketAddr>,
    samples: Option<SocketAddr>,
) -> Result<Services, CommandError> {
    let core = Core::new(CoreParts {
        db,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        sealer: sealer(&config.storage),
        public_url: config.server.public_url.clone(),
        fixed: FixedSettings {
            dynamic_registration: config.authorization.dynamic_registration,
            client_metadata_documents: config.authorization.client_metadata_documents,
            ..config.accounts.fixed.clone()
        },
        is_exposed: config.server.is_exposed(),
        limits: config.server.limits,
        lifetimes: config.authorization.lifetimes,
        session_limits: config.accounts.session_limits,
        details: config.calls.details,
        mailer: config.mail.mailer()?,
    });
    Ok(Services::new(
        core,
        Network::new(config.tools.allow.clone(), listeners, samples),
    ))
}
