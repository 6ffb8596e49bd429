use super::{on_both, tool};
use crate::{
    calls::{Outcome, Via},
    execute::Caller,
    members::Viewer,
};

on_both! {
    async fn every_call_leaves_a_row(world) {
        let ada = world.person("ada@example.com").await;
        let viewer = world.access::<Viewer>(&ada).await;
        let tool = world.services.tools.create(&world.access(&ada).await, &tool("a")).await.unwrap();
        let caller = Caller {
            project_id: ada.1.clone(),
            integration_id: None,
            grant_id: None,
            api_key_id: None,
            member: None,
            via: Via::Rest,
        };
        let nothing = serde_json::Map::new();
        let result = world.services.execute.call(&caller, &tool, &nothing).await.unwrap();
        assert_eq!(result.outcome, Outcome::InvalidArguments);
        let calls = world.services.calls.recent(&viewer, 10).await.unwrap();
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].id, result.call_id);
        assert_eq!((calls[0].tool_name.as_str(), calls[0].via), ("a", Via::Rest));
        assert_eq!(calls[0].outcome, Outcome::InvalidArguments);
        world.clock.advance_seconds(1);
        let developer = world.access(&ada).await;
        let off = world.services.tools.set_enabled(&developer, &tool.id, false).await.unwrap();
        let result = world.services.execute.call(&caller, &off, &nothing).await.unwrap();
        assert_eq!(result.outcome, Outcome::NotEnabled);
        assert_eq!(world.services.calls.recent(&viewer, 1).await.unwrap()[0].id, result.call_id);
    }
}
