//! Where data lies, and the key that its secrets are encrypted under.

use std::{fs, os::unix::fs::DirBuilderExt, path::PathBuf, sync::Arc};

use domain::{
    db::Location,
    sealing::{Keyring, ReadAgain},
};

use super::{ConfigError, Sources, key_file, variable};

#[derive(Debug, Clone)]
pub struct StorageConfig {
    /// `TENGINE_DATA_DIR`; made when absent.
    pub data_dir: PathBuf,
    /// `TENGINE_DATABASE_URL` or `TENGINE_DATABASE_URL_FILE`
    pub database: Location,
    /// `TENGINE_MASTER_KEY` or `TENGINE_MASTER_KEY_FILE`; made in the data folder when absent.
    pub master_key: Keyring,
    pub key_source: KeySource,
}

/// Where the master key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// The data folder's own file.
    File(PathBuf),
    /// A setting, by its name.
    Setting(String),
}

impl KeySource {
    /// How a running server reads the keys again; a setting stays what it is.
    #[must_use]
    pub fn read_again(&self) -> Option<ReadAgain> {
        let Self::File(path) = self else {
            return None;
        };
        let path = path.clone();
        Some(Arc::new(move || key_file::read(&path)))
    }
}

impl StorageConfig {
    pub(super) fn from(sources: &Sources) -> Result<Self, ConfigError> {
        let data_dir =
            sources.parsed("data_dir", |text| Ok(PathBuf::from(text)), || "data".into())?;
        // Password hashes and mail addresses are nobody else's business on this machine.
        let mut folder = fs::DirBuilder::new();
        folder.recursive(true).mode(0o700);
        folder.create(&data_dir).map_err(|why| ConfigError {
            name: variable("data_dir"),
            message: format!("{}: {why}", data_dir.display()),
        })?;
        let database = match sources.secret("database_url")? {
            None => Location::Sqlite(data_dir.join("tengine.db")),
            Some((name, url)) => {
                url.parse()
                    .map_err(|why: domain::db::LocationError| ConfigError {
                        name,
                        message: why.to_string(),
                    })?
            }
        };
        let (master_key, key_source) = match sources.secret("master_key")? {
            Some((name, text)) => {
                let keys = Keyring::decode(&text).map_err(|message| ConfigError {
                    name: name.clone(),
                    message,
                })?;
                (keys, KeySource::Setting(name))
            }
            None => {
                let path = data_dir.join("master.key");
                let keys = key_file::read_or_make(&path).map_err(|message| ConfigError {
                    name: path.display().to_string(),
                    message,
                })?;
                (keys, KeySource::File(path))
            }
        };
        Ok(Self {
            data_dir,
            database,
            master_key,
            key_source,
        })
    }
}
