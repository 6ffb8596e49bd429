//! The file in the data folder that holds the master key: read, made, and replaced by one process at a
//! time.

#[cfg(test)]
mod tests;

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, fchown},
    path::{Path, PathBuf},
};

use domain::{
    clock::{SystemRandom, Timestamp},
    sealing::{Keyring, MasterKey},
};
use time::{OffsetDateTime, macros::format_description};

pub(super) fn read(path: &Path) -> Result<Keyring, String> {
    let text = fs::read_to_string(path).map_err(|why| told(path, &why))?;
    Keyring::decode(&text).map_err(|why| format!("{}: {why}", path.display()))
}

/// The keys of the data folder. Made under a name of its own and linked into place, so that of two
/// processes that start at once both use the same one.
pub(super) fn read_or_make(path: &Path) -> Result<Keyring, String> {
    if !path.exists() {
        let keys = Keyring::of(MasterKey::generate(&SystemRandom));
        let (new, mut file) = new_beside(path).map_err(|why| why.to_string())?;
        let written = file.write_all(keys.encoded().as_bytes());
        let linked = written
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::hard_link(&new, path));
        let _removed = fs::remove_file(&new);
        match linked {
            Err(why) if why.kind() != io::ErrorKind::AlreadyExists => return Err(why.to_string()),
            _ => {}
        }
    }
    let text = fs::read_to_string(path).map_err(|why| why.to_string())?;
    Keyring::decode(&text)
}

/// The file while one process replaces its keys. No other one can, until this is dropped or the
/// process has ended, however it does.
pub struct KeyFile {
    path: PathBuf,
    _lock: File,
}

impl KeyFile {
    /// Takes the file for this process. Changes nothing.
    ///
    /// # Errors
    /// A sentence, where it is another user's (the server that runs as that user could not read what
    /// this process would put in its place), or another process replaces it.
    pub fn held(path: &Path) -> Result<Self, String> {
        // A link stays one.
        let path = fs::canonicalize(path).map_err(|why| told(path, &why))?;
        let owner = fs::metadata(&path).map_err(|why| told(&path, &why))?.uid();
        let own = own_uid(&path).map_err(|why| {
            format!(
                "no file can be made beside {}: {why}. Run this as the user who owns it, uid {owner}.",
                path.display()
            )
        })?;
        check_owner(&path, owner, own)?;
        let lock_path = beside(&path, "lock");
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&lock_path)
            .map_err(|why| told(&lock_path, &why))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(format!(
                "another process is replacing {}: wait until it has ended",
                path.display()
            )),
            Err(TryLockError::Error(why)) => Err(told(&lock_path, &why)),
        }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// # Errors
    /// A sentence, where it cannot be read.
    pub fn read(&self) -> Result<Keyring, String> {
        read(&self.path)
    }

    /// Puts keys in the place of those in the file, so that whoever reads it finds the one or the
    /// other. Whoever may read the file goes on being allowed to.
    ///
    /// # Errors
    /// A sentence, where it cannot be written; then the file is as it was.
    pub fn write(&self, keys: &Keyring) -> Result<(), String> {
        let failed = |why| told(&self.path, &why);
        let (new, file) = new_beside(&self.path).map_err(failed)?;
        let replaced = self.replace(&new, file, keys);
        if replaced.is_err() {
            let _removed = fs::remove_file(&new);
        }
        replaced.map_err(failed)
    }

    fn replace(&self, new: &Path, mut file: File, keys: &Keyring) -> io::Result<()> {
        let old = fs::metadata(&self.path)?;
        if file.metadata()?.gid() != old.gid() {
            fchown(&file, None, Some(old.gid())).map_err(|why| {
                let group = old.gid();
                io::Error::other(format!("a new file cannot have its group {group}: {why}"))
            })?;
        }
        file.set_permissions(old.permissions())?;
        file.write_all(keys.encoded().as_bytes())?;
        file.sync_all()?;
        fs::rename(new, &self.path)?;
        self.sync_folder()
    }

    /// Keeps keys in a file beside, named for this moment, and tells which. One that is there stays.
    ///
    /// # Errors
    /// A sentence, where it cannot be written.
    pub fn keep(&self, keys: &Keyring, now: Timestamp) -> Result<PathBuf, String> {
        const NAME: &[time::format_description::BorrowedFormatItem<'_>] =
            format_description!("old-[year]-[month]-[day]T[hour]-[minute]-[second]Z");
        let at = OffsetDateTime::from_unix_timestamp(now.seconds());
        let name = at.ok().and_then(|at| at.format(NAME).ok());
        let name = name.unwrap_or_else(|| format!("old-{}", now.seconds()));
        let mut number = 1;
        loop {
            let kept = match number {
                1 => beside(&self.path, &name),
                _ => beside(&self.path, &format!("{name}-{number}")),
            };
            let written = create_new(&kept).and_then(|mut file| {
                file.write_all(keys.encoded().as_bytes())?;
                file.sync_all()?;
                self.sync_folder()
            });
            match written {
                Ok(()) => return Ok(kept),
                Err(why) if why.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(why) => return Err(told(&kept, &why)),
            }
        }
    }

    /// A name in a folder lasts when the folder was synced.
    fn sync_folder(&self) -> io::Result<()> {
        self.path
            .parent()
            .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
    }
}

fn told(path: &Path, why: &io::Error) -> String {
    format!("{}: {why}", path.display())
}

/// `master.key` and what follows its name.
fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(".");
    name.push(what);
    path.with_file_name(name)
}

fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

/// An empty file that only this process knows of.
fn new_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let new = beside(path, &format!("new-{}", std::process::id()));
    // Of a process that had this number before.
    let _removed = fs::remove_file(&new);
    create_new(&new).map(|file| (new, file))
}

/// Whose the files are that this process makes there.
fn own_uid(path: &Path) -> io::Result<u32> {
    let (new, file) = new_beside(path)?;
    let uid = file.metadata().map(|made| made.uid());
    fs::remove_file(new)?;
    uid
}

fn check_owner(path: &Path, owner: u32, own: u32) -> Result<(), String> {
    if owner == own {
        return Ok(());
    }
    Err(format!(
        "{} belongs to the user with uid {owner}, and this runs as uid {own}: a server of that user \
         could not read a key that this one makes. Nothing was changed. Run it as that user: \
         sudo -u '#{owner}' …",
        path.display()
    ))
}
