//! A project's overview: the way to the first call, ticked as far as it is gone.

mod activity;
mod checklist;

use leptos::prelude::*;
use leptos_meta::Title;

use self::activity::Activity;
use super::in_path;
use crate::{
    api::projects::{Checklist, load_checklist},
    components::{live::Live, loaded::Loaded},
};
use checklist::Steps;

#[component]
pub fn OverviewPage() -> impl IntoView {
    let list = load_checklist(in_path("project_id"));
    view! {
        <Title text="Overview" />
        <Live project_id=in_path("project_id") calls=true />
        <div class="stack">
            <Loaded from=list show=|list| view! { <Overview list /> } />
            <Activity project_id=in_path("project_id") />
        </div>
    }
    .into_any()
}

#[component]
fn Overview(list: Checklist) -> impl IntoView {
    let is_done = list.is_done();
    view! {
        <div class="page-head">
            <div>
                <h1>{if is_done { "Claude calls your tools" } else { "To the first call" }}</h1>
                <p>
                    {if is_done {
                        "Everything is set up. What was called shows under Calls."
                    } else {
                        "Five steps from here to Claude calling your API."
                    }}
                </p>
            </div>
        </div>
        <Steps list />
    }
    .into_any()
}
