//! Where data lies, and the key that its secrets are encrypted under.

use std::{
    fs,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use domain::{
    clock::SystemRandom,
    db::Location,
    sealing::{Keyring, MasterKey, ReadAgain},
};

use super::{ConfigError, Sources, variable};

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
        Some(Arc::new(move || {
            Keyring::decode(&fs::read_to_string(&path).ok()?).ok()
        }))
    }
}

/// Writes keys in the place of those in a file, so that whoever reads it finds the one or the other.
///
/// # Errors
/// Where the file cannot be written.
pub fn write_keys(path: &Path, keys: &Keyring) -> std::io::Result<()> {
    let new = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(&new)?;
    file.write_all(keys.encoded().as_bytes())?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    // The rename itself is what must last.
    path.parent()
        .map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
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
                (read_or_make(&path)?, KeySource::File(path))
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

/// The key of the data folder. Made under a name of its own and linked into place, so that of two
/// processes that start at once both use the same one.
fn read_or_make(path: &Path) -> Result<Keyring, ConfigError> {
    let error = |message: String| ConfigError {
        name: path.display().to_string(),
        message,
    };
    if !path.exists() {
        let new = path.with_extension(format!("new-{}", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let written = options.open(&new).and_then(|mut file| {
            writeln!(
                file,
                "{}",
                MasterKey::generate(&SystemRandom).encoded().as_str()
            )?;
            file.sync_all()
        });
        written.map_err(|why| error(why.to_string()))?;
        let linked = fs::hard_link(&new, path);
        let _removed = fs::remove_file(&new);
        match linked {
            Err(why) if why.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(error(why.to_string()));
            }
            _ => {}
        }
    }
    let text = fs::read_to_string(path).map_err(|why| error(why.to_string()))?;
    Keyring::decode(&text).map_err(error)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let made = read_or_make(&path).unwrap();
        let again = read_or_make(&path).unwrap();
        assert_eq!(made.encoded(), again.encoded());
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
