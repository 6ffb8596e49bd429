//! The recent calls of a project.

use leptos::prelude::*;
use leptos_meta::Title;

use super::in_path;
use crate::{
    api::calls::{CallRow, recent_calls},
    components::{live::Live, loaded::Loaded, time_ago::TimeAgo},
};

#[component]
pub fn CallsPage() -> impl IntoView {
    let calls = recent_calls(in_path("project_id"));
    view! {
        <Title text="Calls" />
        <Live project_id=in_path("project_id") calls=true />
        <div class="page-head">
            <div>
                <h1>"Calls"</h1>
                <p>"The newest 100 calls of this project's tools. Arguments and answers are not kept."</p>
            </div>
            // The page again, as a button: a form that asks for it.
            <form method="get">
                <button type="submit" class="btn">
                    "Refresh"
                </button>
            </form>
        </div>
        <Loaded from=calls show=|calls| view! { <Calls calls /> } />
    }
    .into_any()
}

#[component]
fn Calls(calls: Vec<CallRow>) -> impl IntoView {
    if calls.is_empty() {
        return view! {
            <div class="empty">
                <h2>"No calls yet"</h2>
                <p>
                    "Connect Claude to one of the project's integrations and ask it to use a tool: each call shows here with its outcome and how long it took."
                </p>
            </div>
        }
        .into_any();
    }
    let rows = calls
        .into_iter()
        .map(|call| view! { <Row call /> })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Tool"</th>
                        <th scope="col">"Outcome"</th>
                        <th scope="col" class="wide-only">
                            "Via"
                        </th>
                        <th scope="col" class="num wide-only">
                            "Status"
                        </th>
                        <th scope="col" class="num">
                            "Duration"
                        </th>
                        <th scope="col">"When"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(call: CallRow) -> impl IntoView {
    let badge = if call.is_ok {
        "badge badge-ok"
    } else {
        "badge badge-bad"
    };
    let versions = format!("tools/{}/versions", call.tool_id);
    view! {
        <tr>
            <td>
                <span class="mono">{call.tool_name}</span>
                {call
                    .tool_version
                    .map(|version| {
                        view! {
                            " "
                            <a class="quiet small" href=versions title="The version that ran">
                                {format!("v{version}")}
                            </a>
                        }
                    })}
            </td>
            <td>
                <span class=badge>{call.outcome}</span>
                {call.error.map(|error| view! { <div class="hint">{error}</div> })}
            </td>
            <td class="wide-only">{call.via}</td>
            <td class="num wide-only">
                {call.http_status.map_or_else(|| "–".to_owned(), |status| status.to_string())}
            </td>
            <td class="num">{call.duration}</td>
            <td>
                <TimeAgo when=call.when />
            </td>
        </tr>
    }
    .into_any()
}
