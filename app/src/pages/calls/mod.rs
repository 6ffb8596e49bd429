//! The calls of a project: a list that its address filters, and each call by itself.

mod asked;
mod filter;
pub mod one;
pub mod rows;
mod timings;

use leptos::prelude::*;
use leptos_meta::Title;

use super::in_path;
use crate::{
    api::calls::{CallFilter, CallPage, list_calls},
    components::{
        badge::Tone, empty::Empty, live::Live, loaded::Loaded, notice::Notice,
        pagination::Pagination,
    },
};
use asked::{all, in_query, is_filtered, link};
use filter::Filter;
use rows::CallTable;

#[component]
pub fn CallsPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let asked = in_query();
    let calls = list_calls(project_id.clone(), asked.clone());
    view! {
        <Title text="Calls" />
        <Live project_id=in_path("project_id") calls=true />
        <div class="page-head">
            <div>
                <h1>"Calls"</h1>
                <p>
                    "Every call of this project's tools, newest first. Open one to see what was asked and answered."
                </p>
            </div>
        </div>
        <Loaded from=calls show=move |page| view! { <Calls project_id asked page /> } />
    }
    .into_any()
}

#[component]
fn Calls(project_id: String, asked: CallFilter, page: CallPage) -> impl IntoView {
    let CallPage {
        calls,
        has_newer,
        has_older,
        choices,
        problem,
    } = page;
    let is_part = is_filtered(&asked);
    if calls.is_empty() && !is_part && problem.is_none() && !has_newer {
        return view! { <NoCalls project_id /> }.into_any();
    }
    let newer = calls.first().filter(|_| has_newer).map(|first| {
        let asked = CallFilter {
            after: first.id.clone(),
            ..all(&asked)
        };
        link(&project_id, &asked)
    });
    let older = calls.last().filter(|_| has_older).map(|last| {
        let asked = CallFilter {
            before: last.id.clone(),
            ..all(&asked)
        };
        link(&project_id, &asked)
    });
    let place = match (calls.first(), calls.last()) {
        (Some(first), Some(last)) if first.when.relative != last.when.relative => {
            format!("{} to {}", first.when.relative, last.when.relative)
        }
        (Some(first), _) => first.when.relative.clone(),
        _ => String::new(),
    };
    let newest = link(&project_id, &all(&asked));
    let shown = if calls.is_empty() {
        view! {
            <p class="quiet">
                {if has_newer { "No older call is like that. " } else { "No call is like that. " }}
                {has_newer.then(|| view! { <a href=newest>"Show the newest"</a> })}
            </p>
        }
        .into_any()
    } else {
        view! { <CallTable project_id=project_id.clone() calls /> }.into_any()
    };
    let pages = (newer.is_some() || older.is_some())
        .then(|| view! { <Pagination place before=newer after=older /> });
    view! {
        <div class="stack">
            <Filter project_id asked choices />
            {match problem {
                Some(problem) => view! { <Notice tone=Tone::Bad is_alert=true>{problem}</Notice> }.into_any(),
                None => view! { {shown} {pages} }.into_any(),
            }}
        </div>
    }
    .into_any()
}

#[component]
fn NoCalls(project_id: String) -> impl IntoView {
    let integrations = format!("/projects/{project_id}/integrations");
    let tools = format!("/projects/{project_id}/tools");
    view! {
        <Empty title="No calls yet">
            <p>
                "Connect Claude to one of the project's integrations and ask it to use a tool: each call shows here at once, with its outcome, how long it took, and what was asked and answered."
            </p>
            <p class="cluster">
                <a href=integrations>"Connect a client"</a>
                <a href=tools>"Try a tool yourself"</a>
            </p>
        </Empty>
    }
    .into_any()
}
