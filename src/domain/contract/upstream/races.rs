//! Who is removed while they connect an account.

use super::{super::races::while_removed, *};
use crate::{Error, db::read};

on_both! {
    async fn an_account_that_was_being_connected_is_not(world) {
        let story = Story::new(&world, AuthStrategy::OAuth2AuthorizationCode).await;
        let (pending, callback) = story.gave_leave().await;
        let world = &story.world;
        let viewer = world.access(&story.ada).await;
        let upstream = &world.services.upstream;
        let connecting = upstream.finish(&viewer, &story.secret, Some(pending), callback);
        let connected = while_removed(world, &story.ada, connecting).await;
        assert!(matches!(connected, Err(NotAuthorized::Failed(Error::NotFound(_)))), "{connected:?}");
        const SQL: &str = "SELECT COUNT(*) FROM upstream_connections WHERE user_id = $1";
        let user = story.ada.0.user_id();
        let kept: i64 = read!(world.db(), |c| sqlx::query_scalar(SQL).bind(user).fetch_one(c).await).unwrap();
        assert_eq!(kept, 0);
    }
}
