//! A project's overview: the way to the first call, ticked as far as it is gone.

mod activity;
mod checklist;

use leptos::prelude::*;
use leptos_meta::Title;

use self::{
    activity::{Activity, Recent},
    checklist::Steps,
};
use super::in_path;
use crate::{
    api::{
        UiError,
        projects::{Checklist, load_checklist},
    },
    components::{live::Live, loaded::Loaded},
};

#[component]
pub fn OverviewPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let loaded = load(project_id.clone());
    let show =
        move |(list, recent): (Checklist, Recent)| view! { <Overview project_id list recent /> };
    view! {
        <Title text="Overview" />
        <Live project_id=in_path("project_id") calls=true />
        <div class="stack">
            <Loaded from=loaded show />
        </div>
    }
    .into_any()
}

async fn load(project_id: String) -> Result<(Checklist, Recent), UiError> {
    let list = load_checklist(project_id.clone()).await?;
    let recent = activity::load(project_id).await?;
    Ok((list, recent))
}

#[component]
fn Overview(project_id: String, list: Checklist, recent: Recent) -> impl IntoView {
    let is_done = list.is_done();
    let activity = view! { <Activity project_id recent /> };
    // What there is to do comes first, and once there is nothing, what is going on.
    let parts = match is_done {
        true => view! { {activity} <Steps list /> }.into_any(),
        false => view! { <Steps list /> {activity} }.into_any(),
    };
    view! {
        <div class="page-head">
            <div>
                <h1>{if is_done { "Claude calls your tools" } else { "To the first call" }}</h1>
                {(!is_done).then(|| view! { <p>"Five steps from here to Claude calling your API."</p> })}
            </div>
        </div>
        {parts}
    }
    .into_any()
}
