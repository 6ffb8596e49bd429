//! Calls in a table.

use leptos::prelude::*;

use crate::{
    api::calls::CallRow,
    components::{
        badge::{Badge, Tone},
        table::{Column, Table},
        time_ago::TimeAgo,
    },
};

const COLUMNS: &[Column] = &[
    Column::text("Tool"),
    Column::text("Outcome"),
    Column::text("Who"),
    Column::number("Status"),
    Column::number("Duration"),
    Column::text("When"),
];

#[component]
pub fn CallTable(project_id: String, calls: Vec<CallRow>) -> impl IntoView {
    let rows = calls
        .into_iter()
        .map(|call| cells(&project_id, call))
        .collect();
    view! { <Table caption="Calls, newest first" columns=COLUMNS rows /> }.into_any()
}

fn cells(project_id: &str, call: CallRow) -> Vec<AnyView> {
    let page = format!("/projects/{project_id}/calls/{}", call.id);
    let tone = if call.is_ok { Tone::Good } else { Tone::Bad };
    let version = call.tool_version.map(|version| {
        view! {
            " "
            <span class="quiet small" title="The version that ran">
                {format!("v{version}")}
            </span>
        }
    });
    let tool = view! {
        <a class="mono" href=page>
            {call.tool_name}
        </a>
        {version}
    };
    let outcome = view! {
        <Badge tone>{call.outcome}</Badge>
        {call.error.map(|error| view! { <div class="hint">{error}</div> })}
    };
    let by = match call.integration {
        Some(integration) => format!("{} · {integration}", call.via),
        None => call.via,
    };
    let who = view! {
        {call.person}
        <div class="hint">{by}</div>
    };
    let status = call
        .http_status
        .map_or_else(|| "–".to_owned(), |status| status.to_string());
    vec![
        tool.into_any(),
        outcome.into_any(),
        who.into_any(),
        status.into_any(),
        call.duration.into_any(),
        view! { <TimeAgo when=call.when /> }.into_any(),
    ]
}
