//! A request that is under way while its person's role changes.

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode, header},
};
use domain::{
    accounts::Actor, bootstrap::Bootstrapped, events::Visit, integrations::Approval,
    invitations::NewInvitation, members::Role,
};
use http_body_util::StreamBody;
use tokio::sync::mpsc;

use crate::app::{Answer, EMAIL, PASSWORD, TestApp, encoded};

const BOB: &str = "bob@example.com";

/// Bob is an admin of Ada's project, and signed in.
async fn target() -> (TestApp, Bootstrapped, domain::ids::UserId) {
    let app = TestApp::new().await;
    let made = app.bootstrap(Approval::Ask).await;
    app.sign_up(BOB, PASSWORD).await;
    let bob = app
        .services
        .accounts
        .by_email(BOB)
        .await
        .unwrap()
        .unwrap()
        .id;
    let (access, proof) = (app.access(&made).await, app.proof(&made).await);
    let new = NewInvitation {
        most_uses: None,
        valid_seconds: None,
        email: None,
        is_mailed: false,
    };
    let (_, token) = app
        .services
        .invitations
        .create(&access, Role::Admin, &new, Some(&proof))
        .await
        .unwrap();
    let actor = Actor::Person {
        user_id: bob.clone(),
    };
    let here = std::net::IpAddr::from([127, 0, 0, 1]);
    app.services
        .invitations
        .accept(token.reveal(), &actor, here)
        .await
        .unwrap();
    (app, made, bob)
}

/// Sends a call's head, does something, and then sends its form.
async fn meanwhile(
    app: &TestApp,
    function: &str,
    fields: &[(&str, &str)],
    act: impl Future<Output = ()>,
) -> Answer {
    let (sender, mut receiver) = mpsc::channel::<Bytes>(1);
    let body = futures_util::stream::poll_fn(move |context| {
        receiver.poll_recv(context).map(|chunk| {
            chunk.map(|bytes| Ok::<_, std::convert::Infallible>(http_body::Frame::data(bytes)))
        })
    });
    let request = Request::post(format!("/_ui/{function}"))
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::new(StreamBody::new(body)))
        .unwrap();
    let form = encoded(fields);
    let (first, rest) = form.split_at(3);
    let (first, rest) = (Bytes::from(first.to_owned()), Bytes::from(rest.to_owned()));
    let sending = async {
        sender.send(first).await.unwrap();
        act.await;
        sender.send(rest).await.unwrap();
        drop(sender);
    };
    tokio::join!(app.send(request), sending).0
}

/// OWASP ASVS 8.3.2: what somebody may do is what they may do when it is done, and not when their request began.
#[tokio::test]
async fn a_call_that_began_as_an_admin_ends_as_what_one_is_by_then() {
    let (app, made, bob) = target().await;
    let project = made.project.id.as_str();
    let integration = made.integration.id.as_str();
    let fields = [
        ("project_id", project),
        ("integration_id", integration),
        ("is_on", "true"),
    ];
    let (access, proof) = (app.access(&made).await, app.proof(&made).await);
    let members = &app.services.members;
    let lowered = meanwhile(&app, "set_self_registered", &fields, async {
        members
            .set_role(&access, &bob, Role::Viewer, Some(&proof))
            .await
            .unwrap();
    });
    let lowered = lowered.await;
    assert_eq!(lowered.status, StatusCode::FORBIDDEN, "{}", lowered.body);
    let fields = [("project_id", project)];
    let removed = meanwhile(&app, "list_members", &fields, async {
        members
            .remove(&access, &bob, Some(&proof), &Visit::default())
            .await
            .unwrap();
    });
    let removed = removed.await;
    assert_eq!(removed.status, StatusCode::NOT_FOUND, "{}", removed.body);
    assert!(!removed.body.contains(EMAIL));
    let integrations = app
        .services
        .integrations
        .list(&access.as_viewer())
        .await
        .unwrap();
    assert!(!integrations[0].self_registered);
    // And signed out while it is under way.
    let list = app.services.sessions.list(&bob).await.unwrap();
    let fields = [("filler", "x")];
    let ended = meanwhile(&app, "list_sessions", &fields, async {
        let sessions = &app.services.sessions;
        let actor = domain::accounts::Actor::Person {
            user_id: bob.clone(),
        };
        sessions
            .end(&actor, &list[0].id, domain::sessions::SessionEnd::ByOwner)
            .await
            .unwrap();
    });
    assert_eq!(ended.await.status, StatusCode::UNAUTHORIZED);
}

/// OWASP ASVS 8.3.2: a token of a connection is worth nothing with the next request after its person was removed.
#[tokio::test]
async fn a_connection_ends_with_its_persons_place_in_the_project() {
    let (app, made, bob) = target().await;
    let client_id = &made.integration.client_id;
    let back = app
        .consent(client_id, &[("decision", "approve"), ("tools", "all")])
        .await;
    let code = back.parameter("code").unwrap_or_else(|| panic!("{back:?}"));
    let answer = super::exchange(&app, &made, &code, &[]).await.json();
    let access_token = answer["access_token"].as_str().unwrap();
    assert_eq!(super::status(&app, "/mcp/", access_token).await, 200);
    let (access, proof) = (app.access(&made).await, app.proof(&made).await);
    app.services
        .members
        .remove(&access, &bob, Some(&proof), &Visit::default())
        .await
        .unwrap();
    assert_eq!(super::status(&app, "/mcp/", access_token).await, 401);
    let refresh = answer["refresh_token"].as_str().unwrap();
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh),
        ("client_id", client_id.as_str()),
        ("client_secret", crate::app::secret(&made)),
    ];
    let refused = app.token(&fields).await;
    assert_eq!(super::error(&refused), "invalid_grant", "{}", refused.body);
}
