//! `tengine keys rotate-master`

use std::{fs, time::Duration};

use clap::Args;
use domain::{clock::SystemRandom, sealing::MasterKey};
use serde_json::json;

use super::{CommandError, load, open, services};
use crate::config::{Flags, KeySource, write_keys};

/// Within which servers that run have heard of the new key: they follow changes every second.
const HEARD: Duration = Duration::from_secs(4);

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
/// Where the configuration or the database cannot be used, or a value does not open.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let mut config = load(flags)?;
    let failed = |why: std::io::Error| CommandError::Failed(format!("master.key: {why}"));
    let keys = &config.storage.master_key;
    match &config.storage.key_source {
        // A run that was broken off goes on with the key that it made.
        KeySource::File(_) if keys.has_older() => {}
        KeySource::File(path) => {
            let kept = path.with_extension("key.old");
            fs::copy(path, &kept).map_err(failed)?;
            let keys = keys.with_new(MasterKey::generate(&SystemRandom));
            write_keys(path, &keys).map_err(failed)?;
            config.storage.master_key = keys;
        }
        KeySource::Setting(_) if keys.has_older() => {}
        KeySource::Setting(name) => {
            return Err(CommandError::Usage(format!(
                "{name}: put a new key (`openssl rand -base64 32`) after this one, with a space \
                 between, and restart every server; then put the new one first and restart them \
                 again; then run this, and take the old one away"
            )));
        }
    }
    let db = open(&config).await?;
    let services = services(&config, db, Vec::new(), None);
    let core = &services.core;
    core.announce_keys().await?;
    tokio::time::sleep(HEARD).await;
    let done = core.reseal().await?;
    if let KeySource::File(path) = &config.storage.key_source {
        write_keys(path, &config.storage.master_key.newest()).map_err(failed)?;
        core.announce_keys().await?;
    }
    if arguments.json {
        println!("{}", json!(done));
        return Ok(());
    }
    println!(
        "{} of {} stored values were under an older key and are under the new one now.",
        done.resealed, done.values
    );
    match &config.storage.key_source {
        KeySource::File(path) => println!(
            "Backups from before need the old key, which is kept in {}: delete it with the last of them.",
            path.with_extension("key.old").display()
        ),
        KeySource::Setting(name) => println!(
            "Nothing in the database needs the other keys of {name} any more; backups from before do."
        ),
    }
    Ok(())
}
