//! Where a page listens for what changes elsewhere.

use domain::{
    ids::IntegrationId,
    live::{Cursor, Shown},
    members::Viewer,
};
use leptos_router::location::Url;

use super::access;
use crate::api::UiError;

/// What a page shows that may change.
pub(crate) struct Listened {
    pub(crate) project_id: String,
    pub(crate) calls: bool,
    pub(crate) integration: Option<String>,
}

/// The address to listen at, for who may see the project; the page itself says why where nobody may.
pub(crate) async fn address(listened: Listened) -> Option<String> {
    let since = cursor(&listened).await.ok()?;
    let Listened {
        project_id,
        calls,
        integration,
    } = listened;
    let mut url = format!("/live/{}?since={since}", Url::escape(&project_id));
    if calls {
        url.push_str("&calls");
    }
    if let Some(id) = integration {
        url.push_str("&integration=");
        url.push_str(&Url::escape(&id));
    }
    Some(url)
}

async fn cursor(listened: &Listened) -> Result<Cursor, UiError> {
    let (services, access) = access::<Viewer>(listened.project_id.clone()).await?;
    let shown = Shown {
        calls: listened.calls,
        integration: listened.integration.clone().map(IntegrationId::from),
    };
    Ok(services.live.cursor(&access, shown).await?)
}
