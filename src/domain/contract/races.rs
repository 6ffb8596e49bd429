//! What somebody is removed in the middle of: it is as if they had been removed before.

use std::time::Duration;

use super::{
    World,
    connecting::{Connection, connection, exchange, request},
    members::{Person, joined},
    on_both,
};
use crate::{
    Error,
    api_keys::NewApiKey,
    db::read,
    grants::{Memory, TokenError, ToolRule},
    integrations::Approval,
    members::{Admin, Role, end_membership, store::lock},
};

/// What becomes of an act that had begun, and went as far as it could, when its person was removed.
pub(super) async fn while_removed<T>(
    world: &World,
    person: &Person,
    act: impl Future<Output = T>,
) -> T {
    let mut tx = world.db().begin().await.unwrap();
    lock(&mut tx, &person.1).await.unwrap();
    let removing = async {
        // Until then the act goes as far as it can.
        tokio::time::sleep(Duration::from_millis(200)).await;
        end_membership(&world.services.core, &mut tx, &person.1, person.0.user_id())
            .await
            .unwrap();
        tx.commit().await.unwrap();
    };
    tokio::join!(act, removing).0
}

/// A member, and the integration that they connect something to.
async fn member(world: &World) -> (Connection, Person) {
    let connection = connection(world, Approval::Ask).await;
    let bob = joined(world, &connection.owner, "bob@example.com", Role::Admin).await;
    (connection, bob)
}

async fn nothing_is_left(world: &World, of: &Person) {
    for sql in [
        "SELECT COUNT(*) FROM consents WHERE user_id = $1",
        "SELECT COUNT(*) FROM authorization_codes WHERE user_id = $1 AND grant_id IS NULL",
        "SELECT COUNT(*) FROM grants WHERE user_id = $1 AND ended_at IS NULL",
        "SELECT COUNT(*) FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL",
    ] {
        let user = of.0.user_id();
        let left: i64 = read!(world.db(), |c| sqlx::query_scalar(sql)
            .bind(user)
            .fetch_one(c)
            .await)
        .unwrap();
        assert_eq!(left, 0, "{sql}");
    }
}

on_both! {
    async fn a_key_that_was_being_made_is_not_made(world) {
        let (_, bob) = member(&world).await;
        let admin = world.access::<Admin>(&bob).await;
        let proof = world.proof(&bob.0).await;
        let new = NewApiKey::named("ci", Role::Viewer);
        let making = world.services.api_keys.create(&admin, &new, Some(&proof));
        let made = while_removed(&world, &bob, making).await;
        assert!(matches!(made, Err(Error::NotFound("project"))), "{made:?}");
        nothing_is_left(&world, &bob).await;
    }

    async fn a_key_is_made_with_the_role_of_now(world) {
        let (connection, bob) = member(&world).await;
        let admin = world.access::<Admin>(&bob).await;
        let proof = world.proof(&bob.0).await;
        let owner = world.access::<Admin>(&connection.owner).await;
        let by_ada = world.proof(&connection.owner.0).await;
        let members = &world.services.members;
        members.set_role(&owner, bob.0.user_id(), Role::Developer, Some(&by_ada)).await.unwrap();
        let new = NewApiKey::named("ci", Role::Admin);
        let made = world.services.api_keys.create(&admin, &new, Some(&proof)).await;
        assert!(matches!(made, Err(Error::Forbidden(_))), "{made:?}");
    }

    async fn an_approval_leaves_no_code_and_no_memory_behind(world) {
        let (connection, bob) = member(&world).await;
        let asked = request(&world, &connection.integration).await;
        let grants = &world.services.grants;
        let approving = grants.approve(&asked, bob.0.user_id(), ToolRule::All, Memory::Remember);
        let approved = while_removed(&world, &bob, approving).await;
        assert!(matches!(approved, Err(Error::Forbidden(_))), "{approved:?}");
        nothing_is_left(&world, &bob).await;
    }

    async fn a_remembered_consent_makes_no_code_any_more(world) {
        let (connection, bob) = member(&world).await;
        let asked = request(&world, &connection.integration).await;
        let (grants, user) = (&world.services.grants, bob.0.user_id());
        grants.approve(&asked, user, ToolRule::All, Memory::Remember).await.unwrap();
        assert!(grants.approve_as_before(&asked, user).await.unwrap().is_some());
        let again = while_removed(&world, &bob, grants.approve_as_before(&asked, user)).await;
        assert!(matches!(again, Err(Error::Forbidden(_))), "{again:?}");
        nothing_is_left(&world, &bob).await;
    }

    async fn a_code_that_was_being_exchanged_is_worth_nothing(world) {
        let (connection, bob) = member(&world).await;
        let asked = request(&world, &connection.integration).await;
        let (grants, user) = (&world.services.grants, bob.0.user_id());
        let code = grants.approve(&asked, user, ToolRule::All, Memory::Remember).await.unwrap();
        let exchanging = grants.exchange_code(&connection.client, exchange(code.reveal()));
        let exchanged = while_removed(&world, &bob, exchanging).await;
        // Before the removal, which ended it, or after it.
        assert!(exchanged.is_ok() || matches!(exchanged, Err(TokenError::Refused { .. })), "{exchanged:?}");
        nothing_is_left(&world, &bob).await;
    }
}
