//! Every command, and those that act for somebody as each person.

use std::{collections::BTreeSet, path::Path, process::Command, sync::Arc};

use clap::CommandFactory;
use domain::{
    Core, Services,
    accounts::{Actor, SignUp, SignUpPolicy},
    clock::{SystemClock, SystemRandom},
    db::{Db, Location},
    execute::{Allowlist, Network},
    grants::Lifetimes,
    instance::FixedSettings,
    invitations::NewInvitation,
    mail::Mailer,
    members::{
        Admin, Role,
        operations::{OPERATIONS, Standing, Who},
    },
    sealing::{Keyring, MasterKey, Sealer},
    services::CoreParts,
    sessions::SessionLimits,
};
use serde_json::json;
use tengine::commands::cli::Cli;

use super::{agrees, row, world::tool};
use crate::app::{EMAIL, PASSWORD, PUBLIC};

const PEOPLE: [(Standing, &str); 7] = [
    (Standing::Nobody, "nobody@example.com"),
    (Standing::Stranger, "stranger@example.com"),
    (Standing::Member(Role::Viewer), "viewer@example.com"),
    (Standing::Member(Role::Developer), "developer@example.com"),
    (Standing::Member(Role::Admin), "admin@example.com"),
    (Standing::Member(Role::Owner), EMAIL),
    (Standing::InstanceOwner, "root@example.com"),
];

/// The commands at the ends of the tree, and whether each acts for somebody.
fn leaves(command: &clap::Command, before: &str, found: &mut Vec<(String, bool)>) {
    let below = command
        .get_subcommands()
        .filter(|one| one.get_name() != "help");
    for one in below {
        let name = format!("{before}{}", one.get_name());
        if one.has_subcommands() {
            leaves(one, &format!("{name} "), found);
        } else {
            let acts = one
                .get_arguments()
                .any(|argument| argument.get_id() == "by");
            found.push((name, acts));
        }
    }
}

fn tree() -> Vec<(String, bool)> {
    let mut found = Vec::new();
    leaves(&Cli::command(), "", &mut found);
    found
}

pub fn all() -> BTreeSet<String> {
    tree().into_iter().map(|(name, _)| name).collect()
}

#[test]
fn what_acts_for_somebody_has_a_role_and_the_rest_is_for_who_holds_the_server() {
    for (name, acts) in tree() {
        let who = row(|row| row.commands, &name).who;
        assert_eq!(acts, matches!(who, Who::Member(_)), "{name}: {who:?}");
        assert_eq!(!acts, who == Who::Operator, "{name}: {who:?}");
    }
    assert!(OPERATIONS.iter().any(|row| row.who == Who::Operator));
}

#[test]
fn every_command_does_for_each_person_what_the_table_says() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(prepared(data));
    let write = |name: &str, text: String| std::fs::write(data.join(name), text).unwrap();
    write("tools.json", json!([tool("crm-contacts-list")]).to_string());
    write("openapi.json", super::routes::DOCUMENT.to_owned());
    let mut found = Vec::new();
    for (name, _) in tree().into_iter().filter(|(_, acts)| *acts) {
        let who = row(|row| row.commands, &name).who;
        for (standing, email) in PEOPLE {
            if name == "vault delete" {
                let made = run(data, &words("vault set"), EMAIL);
                assert_eq!(made.0, Some(0), "{}", made.1);
            }
            let (code, says) = run(data, &words(&name), email);
            // 1: done, and what was found is not as one would wish it.
            let is_allowed = matches!(code, Some(0 | 1));
            if is_allowed != who.allows(standing) {
                found.push(format!("{name} as {standing:?}: {code:?} {says}"));
            }
        }
    }
    agrees(&found);
}

fn words(command: &str) -> Vec<&str> {
    let arguments: &[&str] = match command {
        "tools apply" | "tools diff" => &["tools.json"],
        "tools import" => &["openapi.json"],
        "tools export" | "tools lint" | "vault list" => &[],
        "vault set" => &[
            "crm",
            "--origin",
            "https://crm.example.com",
            "--value-env",
            "SECRET",
        ],
        "vault delete" => &["crm"],
        other => panic!("{other} has no fixture: say here what it takes"),
    };
    command
        .split(' ')
        .chain(arguments.iter().copied())
        .collect()
}

fn run(data: &Path, words: &[&str], by: &str) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tengine"))
        .args(words)
        .args(["--by", by])
        .env_clear()
        .env("TENGINE_DATA_DIR", data)
        .env("SECRET", "s")
        .current_dir(data)
        .output()
        .unwrap();
    let says = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), says)
}

/// A database as the program makes it, with everybody in it and one project.
async fn prepared(data: &Path) {
    let db = Db::open(&Location::Sqlite(data.join("tengine.db")))
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let services = services(db);
    let mut owner = None;
    let mut project = None;
    // The first one owns the instance; the project's owner comes before those they invite.
    for (standing, email) in PEOPLE.iter().rev() {
        if *standing == Standing::Nobody {
            continue;
        }
        let input = SignUp {
            email,
            password: PASSWORD,
            setup_code: None,
            invitation: None,
            link: None,
        };
        let here = [127, 0, 0, 1].into();
        let account = services.accounts.sign_up(input, here).await.unwrap();
        let actor = Actor::Person {
            user_id: account.id,
        };
        match standing {
            Standing::Member(Role::Owner) => {
                project = Some(services.projects.create(&actor, "CRM").await.unwrap().id);
                owner = Some(actor);
            }
            Standing::Member(role) => {
                let (owner, project) = (owner.as_ref().unwrap(), project.as_ref().unwrap());
                let access = services
                    .members
                    .access::<Admin>(owner, project)
                    .await
                    .unwrap();
                let proof = services
                    .accounts
                    .prove(owner, PASSWORD, here)
                    .await
                    .unwrap();
                let new = NewInvitation::default();
                let invitations = &services.invitations;
                let made = invitations.create(&access, *role, &new, Some(&proof)).await;
                let token = made.unwrap().1;
                invitations
                    .accept(token.reveal(), &actor, here)
                    .await
                    .unwrap();
            }
            Standing::Nobody | Standing::Stranger | Standing::InstanceOwner => {}
        }
    }
}

fn services(db: Db) -> Services {
    let core = Core::new(CoreParts {
        db,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        // Nothing is sealed here.
        sealer: Sealer::new(Keyring::of(MasterKey::generate(&SystemRandom))),
        public_url: PUBLIC.parse().unwrap(),
        fixed: FixedSettings {
            sign_up: Some(SignUpPolicy::Open),
            ..FixedSettings::default()
        },
        is_exposed: false,
        limits: false,
        lifetimes: Lifetimes::default(),
        session_limits: SessionLimits::default(),
        details: domain::calls::DetailLimits::default(),
        mailer: Mailer::default(),
    });
    Services::new(core, Network::new(Allowlist::default(), Vec::new(), None))
}
