//! Every server function, as each person.

mod inputs;

use std::collections::BTreeSet;

use axum::{body::Body, http::header};
use domain::members::{
    Role,
    operations::{OPERATIONS, Operation, Standing},
};

use self::inputs::input;
use super::{
    NotDone, Outcome, agrees, row,
    world::{Person, World},
};
use crate::app::{Answer, encoded, form};

/// What is not done by everybody who may, and why.
const NOT_DONE: &[(&str, &str)] = &[
    (
        "delete_account",
        "the project's only owner and the instance's only owner stay, the others go",
    ),
    ("end_own_connection", "nobody connected a client"),
    ("leave_project", "the only owner stays, the others go"),
    ("remove_passkey", "only a browser makes a passkey"),
    ("remove_totp", "nobody has an authenticator app"),
    ("rename_passkey", "only a browser makes a passkey"),
    ("unlink_identity", "nobody came by a provider"),
    (
        "verify_email",
        "all but one came by a link of a mail: theirs are verified",
    ),
];

/// After which the project, the person's place in it or the person is another: whoever may do them does
/// it in a world of their own.
const ENDS_THE_WORLD: [&str; 5] = [
    "change_password",
    "delete_account",
    "delete_project",
    "leave_project",
    "transfer_project",
];

pub fn all() -> BTreeSet<String> {
    leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.strip_prefix("/_ui/").unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn every_server_function_answers_each_role_as_the_table_says() {
    let mut found = Vec::new();
    let mut later = Vec::new();
    let mut not_done = NotDone::new(NOT_DONE);
    let world = World::new().await;
    for function in all() {
        let operation = row(|row| row.server_functions, &function);
        for (place, person) in world.people.iter().enumerate() {
            let is_allowed = operation.who.allows(person.standing);
            if is_allowed && ENDS_THE_WORLD.contains(&function.as_str()) {
                later.push((function.clone(), place));
            } else {
                found.extend(asked(&world, &function, person, is_allowed, &mut not_done).await);
            }
        }
    }
    drop(world);
    for (function, place) in later {
        let world = World::new().await;
        let person = &world.people[place];
        found.extend(asked(&world, &function, person, true, &mut not_done).await);
    }
    not_done.are_all_met();
    agrees(&found);
}

/// Asks, and tells where the answer is not the expected one.
async fn asked(
    world: &World,
    function: &str,
    person: &Person,
    is_allowed: bool,
    not_done: &mut NotDone,
) -> Option<String> {
    let answer = ask(world, function, person).await;
    let is_of_project = || answer.json()["what"] == "project";
    let is_hidden = answer.body.starts_with('{') && is_of_project();
    let outcome = not_done.settle(function, Outcome::of(answer.status, is_hidden));
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
    let mut filled = Vec::new();
    for (name, value) in input(function) {
        filled.push((*name, world.filled(value, asks).await));
    }
    let fields: Vec<_> = filled
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let cookie = person
        .signed_in
        .as_ref()
        .map_or("", |who| who.cookie.as_str());
    let request = form(&format!("/_ui/{function}"))
        .header(header::ACCEPT, "application/json")
        .header(header::COOKIE, format!("tengine_session={cookie}"));
    world
        .app
        .send(request.body(Body::from(encoded(&fields))).unwrap())
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
    // What would end the world comes last, for where it asks for none.
    let (last, first): (Vec<_>, Vec<_>) = all()
        .into_iter()
        .partition(|function| ENDS_THE_WORLD.contains(&function.as_str()));
    for function in first.into_iter().chain(last) {
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
    };
    let silent: Vec<&str> = OPERATIONS
        .iter()
        .filter(is_silent)
        .map(|row| row.id)
        .collect();
    assert!(silent.is_empty(), "these ask for none: {silent:?}");
}
