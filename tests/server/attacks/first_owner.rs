//! Whose the instance becomes.

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use domain::{
    accounts::{Actor, SignUpPolicy},
    db::testing::TestDatabase,
};
use futures_util::future::join_all;

use crate::app::{PASSWORD, PUBLIC, TestApp, encoded, form};

async fn story(app: &TestApp) {
    let emails: Vec<String> = (0..8)
        .map(|number| format!("person{number}@example.com"))
        .collect();
    let answers = join_all(emails.iter().map(|email| {
        let fields = [
            ("email", email.as_str()),
            ("password", PASSWORD),
            ("csrf", "token"),
        ];
        let request = form("/sign-up").header(header::COOKIE, "tengine_form=token");
        app.send(request.body(Body::from(encoded(&fields))).unwrap())
    }))
    .await;
    let mut statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort();
    assert_eq!(statuses[0], StatusCode::SEE_OTHER);
    assert!(
        statuses[1..]
            .iter()
            .all(|status| *status == StatusCode::FORBIDDEN),
        "{statuses:?}"
    );
    let mut accounts = Vec::new();
    for email in &emails {
        accounts.extend(app.services.accounts.by_email(email).await.unwrap());
    }
    assert_eq!(accounts.len(), 1, "who lost has no account");
    let actor = Actor::Person {
        user_id: accounts[0].id.clone(),
    };
    app.services.instance.owner(&actor).await.unwrap();
}

/// OWASP ASVS 2.3.4: of many who claim an instance at the same moment one gets it, and the others are judged
/// by the policy.
#[tokio::test]
async fn the_first_owners_claim_is_won_once_on_sqlite() {
    story(&TestApp::with(TestDatabase::sqlite().await, PUBLIC, SignUpPolicy::First).await).await;
}

#[tokio::test]
async fn the_first_owners_claim_is_won_once_on_postgres() {
    story(&TestApp::with(TestDatabase::postgres().await, PUBLIC, SignUpPolicy::First).await).await;
}
