//! `tengine keys rotate`

use clap::Args;
use serde_json::json;

use super::{CommandError, load, open, services};
use crate::config::Flags;

#[derive(Debug, Args)]
pub struct Arguments {
    /// For a key that leaked: the old ones verify nothing any more, so every client has to refresh
    #[arg(long)]
    at_once: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// A new key signs access tokens from now on, also in a server that runs beside, within a second.
///
/// # Errors
/// Where the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let config = load(flags)?;
    let db = open(&config).await?;
    let services = services(&config, db, Vec::new(), None)?;
    let keys = services.grants.signing_keys();
    let rotated = keys.rotate(arguments.at_once).await?;
    let now = services.core.now();
    let verifying = rotated
        .retired
        .iter()
        .filter(|(_, until)| *until > now)
        .map(|(kid, until)| (kid, until.seconds()));
    if arguments.json {
        let verifying: Vec<_> = verifying
            .map(|(kid, until)| json!({ "kid": kid, "verifies_until": until }))
            .collect();
        println!("{}", json!({ "kid": rotated.kid, "retired": verifying }));
    } else {
        println!("{} signs access tokens from now on.", rotated.kid);
        for (kid, until) in verifying {
            let left = until - now.seconds();
            println!("{kid} is served until the last token that it signed has ended, {left} s.");
        }
    }
    Ok(())
}
