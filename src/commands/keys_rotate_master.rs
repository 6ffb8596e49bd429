//! `tengine keys rotate-master`

use std::time::Duration;

use clap::Args;
use domain::{
    clock::{Clock, SystemClock, SystemRandom},
    db::Location,
    sealing::{MasterKey, NotResealed},
};
use serde_json::json;

use super::{CommandError, load, open, services};
use crate::config::{Flags, KeyFile, KeySource};

/// Within which servers that run have heard of the new key: they follow changes every second.
const HEARD: Duration = Duration::from_secs(4);
/// Between passes, in which a transaction ends that sealed before its process had heard.
const SETTLE: Duration = Duration::from_secs(1);
const OTHER_MACHINES: &str = "If other machines serve this database: they do not read this machine's \
    master.key, and cannot open what is sealed under the new key. There the key has to be a setting, \
    TENGINE_MASTER_KEY or TENGINE_MASTER_KEY_FILE, the same on each (README, Operations: a new master \
    key).";

#[derive(Debug, Args)]
pub struct Arguments {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Seals everything that the database keeps sealed anew: under a new key where the key is the data
/// folder's, or else under the first key of the setting. Servers go on running.
///
/// # Errors
/// Where the configuration or the database cannot be used, the file is another user's or in another
/// such command's hands, or a value does not open.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let mut config = load(flags)?;
    // Held to the end: of two at once, each would put a key of its own before the one that it read.
    let file = match &config.storage.key_source {
        KeySource::File(path) => Some(KeyFile::held(path).map_err(CommandError::Failed)?),
        KeySource::Setting(name) if !config.storage.master_key.has_older() => {
            return Err(CommandError::Usage(format!(
                "{name}: put a new key (`openssl rand -base64 32`) after this one, with a space \
                 between, and restart every server; then put the new one first and restart them \
                 again; then run this, and take the old one away"
            )));
        }
        KeySource::Setting(_) => None,
    };
    let db = open(&config).await?;
    if let Some(file) = &file {
        if matches!(config.storage.database, Location::Postgres(_)) {
            eprintln!("{OTHER_MACHINES}");
        }
        let mut keys = file.read().map_err(CommandError::Failed)?;
        // A run that was broken off goes on with the key that it made.
        if !keys.has_older() {
            keys = keys.with_new(MasterKey::generate(&SystemRandom));
            file.write(&keys).map_err(CommandError::Failed)?;
        }
        config.storage.master_key = keys;
    }
    let services = services(&config, db, Vec::new(), None)?;
    let core = &services.core;
    core.announce_keys().await?;
    tokio::time::sleep(HEARD).await;
    let settle = async || tokio::time::sleep(SETTLE).await;
    let done = core.reseal(settle).await;
    let done = done.map_err(|why| not_resealed(&why, &config.storage.key_source))?;
    let mut kept = None;
    if let Some(file) = &file {
        // What servers remember is sealed as it was when they read it: they read it again first.
        core.announce_keys().await?;
        tokio::time::sleep(HEARD).await;
        let keys = &config.storage.master_key;
        if let Some(older) = keys.older() {
            let at = file.keep(&older, SystemClock.now());
            kept = Some(at.map_err(CommandError::Failed)?);
        }
        file.write(&keys.newest()).map_err(CommandError::Failed)?;
        core.announce_keys().await?;
    }
    if arguments.json {
        let mut printed = json!(done);
        printed["old_key_file"] = json!(kept);
        println!("{printed}");
        return Ok(());
    }
    println!(
        "{} of {} stored values were under an older key and are under the new one now.",
        done.resealed, done.values
    );
    match (&kept, &config.storage.key_source) {
        (Some(kept), _) => println!(
            "Backups from before need the old key, which is kept in {}: delete it with the last of them.",
            kept.display()
        ),
        (None, KeySource::Setting(name)) => println!(
            "Nothing in the database needs the other keys of {name} any more; backups from before do."
        ),
        (None, KeySource::File(_)) => {}
    }
    Ok(())
}

/// Why the older keys have to stay, and what to do.
fn not_resealed(why: &NotResealed, source: &KeySource) -> CommandError {
    let place = match source {
        KeySource::File(path) => path.display().to_string(),
        KeySource::Setting(name) => name.clone(),
    };
    let mend = match why {
        NotResealed::Unopened(_) => format!(
            "All others are under the new key; the older keys have to stay in {place}. Put the key \
             that these were sealed under behind the others there and run this again; where it is \
             lost, enter these secrets anew or delete their rows, and run this again."
        ),
        NotResealed::NeverSettles => format!(
            "A server has not heard of the new key; its log says why. The older keys have to stay in \
             {place}: mend or stop that server, and run this again."
        ),
        NotResealed::Failed(_) => {
            format!("The older keys have to stay in {place}: run this again.")
        }
    };
    CommandError::Failed(format!("{why}\n{mend}"))
}
