//! `tengine user list`

use clap::Args;
use domain::{
    Services,
    accounts::{AccountFilter, AccountRow},
    clock::Timestamp,
};
use serde_json::{Value, json};
use time::{OffsetDateTime, macros::format_description};

use super::{CommandError, project::open_services};
use crate::config::Flags;

/// Accounts that are read at once.
const BATCH: i64 = 1_000;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

/// Says which accounts there are, newest first: what each may do, what it shows besides a password, and
/// when it was last here.
///
/// # Errors
/// Where the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let services = open_services(flags).await?;
    let accounts = all(&services).await?;
    if arguments.json {
        let accounts: Vec<Value> = accounts.iter().map(shown).collect();
        println!("{}", json!(accounts));
        return Ok(());
    }
    let head = ["EMAIL", "STATE", "SECOND FACTOR", "LAST SEEN"].map(ToOwned::to_owned);
    let rows: Vec<[String; 4]> = std::iter::once(head)
        .chain(accounts.iter().map(row))
        .collect();
    let width = |column: usize| {
        let lengths = rows.iter().map(|row| row[column].chars().count());
        lengths.max().unwrap_or_default()
    };
    let widths = [width(0), width(1), width(2)];
    for [email, state, factor, seen] in &rows {
        let [a, b, c] = widths;
        println!("{email:a$}  {state:b$}  {factor:c$}  {seen}");
    }
    Ok(())
}

async fn all(services: &Services) -> Result<Vec<AccountRow>, CommandError> {
    let mut all: Vec<AccountRow> = Vec::new();
    loop {
        let filter = AccountFilter {
            text: None,
            limit: Some(BATCH),
            before: all.last().map(|row| row.account.id.clone()),
        };
        let rows = services.accounts.list_by_operator(&filter).await?;
        let is_last = i64::try_from(rows.len()).is_ok_and(|rows| rows < BATCH);
        all.extend(rows);
        if is_last {
            return Ok(all);
        }
    }
}

fn row(row: &AccountRow) -> [String; 4] {
    let account = &row.account;
    let state = match (account.disabled_at, account.is_instance_owner) {
        (Some(_), true) => "disabled owner",
        (Some(_), false) => "disabled",
        (None, true) => "owner",
        (None, false) => "enabled",
    };
    [
        account.email.clone(),
        state.to_owned(),
        if row.has_second_factor { "yes" } else { "no" }.to_owned(),
        row.last_used_at.map_or_else(|| "-".to_owned(), minute),
    ]
}

/// `2026-11-26 01:10 UTC`
fn minute(at: Timestamp) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");
    let exact = OffsetDateTime::from_unix_timestamp(at.seconds()).ok();
    let text = exact.and_then(|exact| exact.format(format).ok());
    text.unwrap_or_else(|| "-".to_owned())
}

fn shown(row: &AccountRow) -> Value {
    let account = &row.account;
    json!({
        "id": account.id, "email": account.email, "is_disabled": account.disabled_at.is_some(),
        "is_instance_owner": account.is_instance_owner,
        "is_verified": account.email_verified_at.is_some(), "has_password": row.has_password,
        "has_second_factor": row.has_second_factor, "projects": row.projects,
        "created_at": account.created_at, "last_used_at": row.last_used_at,
    })
}
