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
    Column::Text("Tool"),
    Column::Text("Outcome"),
    Column::Wide("Who"),
    Column::WideNumber("Status"),
    Column::Number("Duration"),
    Column::Text("When"),
];

#[component]
pub fn CallTable(project_id: String, calls: Vec<CallRow>) -> impl IntoView {
    let rows = calls
        .into_iter()
        .map(|call| view! { <Row project_id=project_id.clone() call /> })
        .collect_view();
    view! {
        <Table caption="Calls, newest first" columns=COLUMNS>
            {rows}
        </Table>
    }
    .into_any()
}

#[component]
fn Row(project_id: String, call: CallRow) -> impl IntoView {
    let page = format!("/projects/{project_id}/calls/{}", call.id);
    let versions = format!("/projects/{project_id}/tools/{}/versions", call.tool_id);
    let tone = if call.is_ok { Tone::Good } else { Tone::Bad };
    let version = call.tool_version.map(|version| {
        view! {
            " "
            <a class="quiet small" href=versions title="The version that ran">
                {format!("v{version}")}
            </a>
        }
    });
    let status = call
        .http_status
        .map_or_else(|| "–".to_owned(), |status| status.to_string());
    let by = match call.integration {
        Some(integration) => format!("{} · {integration}", call.via),
        None => call.via,
    };
    view! {
        <tr>
            <td>
                <a class="mono" href=page>{call.tool_name}</a>
                {version}
            </td>
            <td>
                <Badge tone>{call.outcome}</Badge>
                {call.error.map(|error| view! { <div class="hint">{error}</div> })}
            </td>
            <td class="wide-only">
                {call.person.unwrap_or_else(|| "–".to_owned())}
                <div class="hint">{by}</div>
            </td>
            <td class="num wide-only">{status}</td>
            <td class="num">{call.duration}</td>
            <td>
                <TimeAgo when=call.when />
            </td>
        </tr>
    }
    .into_any()
}
