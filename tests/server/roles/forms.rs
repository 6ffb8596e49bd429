//! Every form of the plain pages that is for somebody, as each person.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use domain::{
    invitations::NewInvitation,
    members::{Admin, Role, operations::Who},
};
use serde_json::json;

use super::{
    NotDone, Outcome, agrees, row,
    world::{Person, SESSION, World},
};
use crate::{
    app::{Answer, Cookies},
    attacks::{
        phone::Phone,
        plain_pages::{FORMS, Fields, Token},
    },
};

/// As for functions.
const NOT_DONE: &[(&str, &str)] = &[
    (
        "POST /confirm-email",
        "a link of nobody: it is for the one account that asked for it, which a story of attackers shows",
    ),
    (
        "POST /account/passkeys",
        "only a browser makes a passkey: Playwright has one make it",
    ),
    ("POST /confirm/challenge", "nobody has a passkey"),
    ("POST /confirm/passkey", "nobody has a passkey"),
];

pub fn all() -> BTreeSet<String> {
    FORMS.iter().map(|(path, ..)| named(path)).collect()
}

/// As the table has it.
fn named(path: &str) -> String {
    format!("POST {path}")
}

#[tokio::test]
async fn every_form_answers_each_role_as_the_table_says() {
    let mut found = Vec::new();
    let mut not_done = NotDone::new(NOT_DONE);
    let world = World::new().await;
    let secret = client(&world).await;
    // Who joins the project has another standing then, and who signs out has none.
    let mut forms = FORMS;
    forms.sort_by_key(|(path, ..)| match *path {
        "/sign-out" => 2,
        "/invite/{token}" => 1,
        _ => 0,
    });
    for person in &world.people {
        let mut cookies = Cookies::default();
        if let Some(who) = &person.signed_in {
            cookies.insert(SESSION.to_owned(), who.cookie.clone());
        }
        world.app.switch(cookies);
        for (path, token, fields) in forms {
            let form = named(path);
            let operation = row(|row| row.forms, &form);
            if operation.who == Who::Anyone {
                continue;
            }
            let answer = sent(&world, person, path, token, fields, &secret).await;
            let outcome = not_done.settle(&form, outcome(path, &answer));
            let expected = Outcome::expected(operation.who.allows(person.standing));
            if outcome != expected {
                let Answer { status, body, .. } = answer;
                found.push(format!(
                    "{form} as {:?}: {outcome:?}, not {expected:?}: {status} {body}",
                    person.standing
                ));
            }
        }
    }
    agrees(&found);
    not_done.are_all_met();
}

/// A form that its page has sent in the person's browser.
async fn sent(
    world: &World,
    person: &Person,
    path: &str,
    token: Token,
    fields: Fields,
    secret: &str,
) -> Answer {
    let app = &world.app;
    let csrf = match token {
        Token::Browser => app.get("/recover").await.hidden("csrf"),
        Token::Session => {
            let me = app.call("load_me", &[]).await.json();
            me["csrf"].as_str().unwrap_or_default().to_owned()
        }
    };
    let code = match (path, &person.signed_in) {
        ("/account/authenticator", Some(_)) => Some(Phone::of(&app.get(path).await).code(app)),
        _ => None,
    };
    let mut fields: Vec<(&str, &str)> = fields.to_vec();
    if let Some(code) = &code {
        fields.retain(|(name, _)| *name != "code");
        fields.push(("code", code));
    }
    fields.push(("csrf", &csrf));
    let path = match path {
        "/invite/{token}" => path.replace("{token}", &invitation(world).await),
        _ => path.replace("{id}", secret),
    };
    app.form(&path, &fields).await
}

fn outcome(path: &str, answer: &Answer) -> Outcome {
    let location = answer.header("location");
    // Where it leads who has signed out, and who has not.
    if path == "/sign-out" {
        return Outcome::expected(location == "/sign-in");
    }
    if location.starts_with("/sign-in") || location.starts_with("/confirm") {
        return Outcome::Refused;
    }
    // Its answer to a passkey that is nobody's is that of a wrong password: shown again with a 403.
    let is_taken = !answer.body.contains("open for too long");
    if path == "/confirm/passkey" && answer.status == StatusCode::FORBIDDEN && is_taken {
        return Outcome::Stopped;
    }
    Outcome::of(answer.status, path.starts_with("/connect/"))
}

/// A secret that people connect their own account with.
async fn client(world: &World) -> String {
    let body = json!({
        "name": "acme", "value": "a secret", "origins": ["https://api.example"],
        "oauth2": {
            "client_id": "tengine", "token_url": "https://login.example/token",
            "authorization_url": "https://login.example/authorize", "scopes": ["me"],
        },
    });
    let path = format!("/api/v1/projects/{}/vault", world.made.project.id);
    let key = world.made.api_key.reveal();
    let kept = world.app.api(key, Method::POST, &path, body).await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.body);
    kept.json()["id"].as_str().unwrap().to_owned()
}

/// The token of a new invitation.
async fn invitation(world: &World) -> String {
    let access = world.app.access::<Admin>(&world.made).await;
    let invitations = &world.app.services.invitations;
    let new = NewInvitation::default();
    let made = invitations.create(&access, Role::Viewer, &new, None).await;
    made.unwrap().1.reveal().to_owned()
}
