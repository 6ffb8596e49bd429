//! Every server function, as each person.

mod inputs;

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Request, header},
};
use domain::members::{
    Role,
    operations::{OPERATIONS, Operation, Standing},
};

use self::inputs::{Input, input};
use super::{
    Outcome, agrees, row,
    world::{Person, World},
};
use crate::app::{Answer, encoded};

/// Of whose things there is none in the world; to find none is to have been let in.
const OF_WHICH_THERE_IS_NONE: [&str; 5] = [
    "end_own_connection",
    "remove_passkey",
    "remove_totp",
    "rename_passkey",
    "unlink_identity",
];

/// After which the project or the person's place in it is another: whoever may do them does it in a
/// world of their own.
const ENDS_THE_WORLD: [&str; 2] = ["leave_project", "transfer_project"];

pub fn all() -> BTreeSet<String> {
    leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.strip_prefix("/_ui/").unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn every_server_function_answers_each_role_as_the_table_says() {
    let mut found = Vec::new();
    let mut later = Vec::new();
    let world = World::new().await;
    for function in all() {
        let operation = row(|row| row.server_functions, &function);
        for (place, person) in world.people.iter().enumerate() {
            let is_allowed = operation.who.allows(person.standing);
            if is_allowed && ENDS_THE_WORLD.contains(&function.as_str()) {
                later.push((function.clone(), place));
            } else {
                found.extend(asked(&world, &function, person, is_allowed).await);
            }
        }
    }
    drop(world);
    for (function, place) in later {
        let world = World::new().await;
        found.extend(asked(&world, &function, &world.people[place], true).await);
    }
    agrees(&found);
}

/// Asks, and tells where the answer is not the expected one.
async fn asked(world: &World, function: &str, person: &Person, is_allowed: bool) -> Option<String> {
    let answer = ask(world, function, person).await;
    let is_of_project = || answer.json()["what"] == "project";
    let outcome = match Outcome::of(
        answer.status,
        answer.body.starts_with('{') && is_of_project(),
    ) {
        Outcome::Missing if OF_WHICH_THERE_IS_NONE.contains(&function) => Outcome::Allowed,
        other => other,
    };
    let expected = Outcome::expected(is_allowed);
    (outcome != expected).then(|| {
        let Answer { status, body, .. } = answer;
        format!(
            "{function} as {:?}: {outcome:?}, not {expected:?}: {status} {body}",
            person.standing
        )
    })
}

async fn ask(world: &World, function: &str, person: &Person) -> Answer {
    let asks = person.signed_in.as_ref().map(|who| &who.user_id);
    let (kind, body) = match input(function) {
        Input::Form(fields) => {
            let mut filled = Vec::new();
            for (name, value) in fields {
                filled.push((*name, world.filled(value, asks).await));
            }
            let fields: Vec<_> = filled
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            ("application/x-www-form-urlencoded", encoded(&fields))
        }
        Input::Json(value) => {
            let value = world.filled_json(&value, asks).await;
            ("application/json", value.to_string())
        }
    };
    let cookie = person
        .signed_in
        .as_ref()
        .map_or("", |who| who.cookie.as_str());
    let request = Request::post(format!("/_ui/{function}"))
        .header(header::CONTENT_TYPE, kind)
        .header(header::ACCEPT, "application/json")
        .header(header::COOKIE, format!("tengine_session={cookie}"));
    world
        .app
        .send(request.body(Body::from(body)).unwrap())
        .await
}

/// Rows of which no function asks for a proof of what the fixtures do.
const ASKED_ELSEWHERE: [&str; 1] = [
    // Of who removes an owner.
    "members.remove",
];

#[tokio::test]
async fn a_proof_is_asked_for_where_the_table_says_so() {
    let world = World::new().await;
    world.app.clock.advance_seconds(60 * 60);
    let mut asking = BTreeSet::new();
    for function in all() {
        if ENDS_THE_WORLD.contains(&function.as_str()) {
            continue;
        }
        for standing in [Standing::Member(Role::Owner), Standing::InstanceOwner] {
            let person = world.people.iter().find(|one| one.standing == standing);
            let answer = ask(&world, &function, person.unwrap()).await;
            if answer.body.contains("proof_needed") {
                let operation = row(|row| row.server_functions, &function);
                assert!(operation.needs_proof, "{function} asks for a proof");
                asking.insert(operation.id);
            }
        }
    }
    let is_silent = |row: &&Operation| {
        row.needs_proof
            && !row.server_functions.is_empty()
            && !asking.contains(row.id)
            && !ASKED_ELSEWHERE.contains(&row.id)
            && !row
                .server_functions
                .iter()
                .all(|name| ENDS_THE_WORLD.contains(name))
    };
    let silent: Vec<&str> = OPERATIONS
        .iter()
        .filter(is_silent)
        .map(|row| row.id)
        .collect();
    assert!(silent.is_empty(), "these ask for none: {silent:?}");
}
