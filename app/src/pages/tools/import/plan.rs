//! What a document has, and the ticks at what of it is to be tools.

use std::collections::HashSet;

use leptos::prelude::*;

use super::looked_at::{Carried, LookedAt, OPERATIONS};
use crate::{
    api::tool_sources::{ImportPlan, ImportTools, PlannedRow, RowChange},
    components::{
        badge::{Badge, Tone},
        button::{Button, ButtonKind, TickButton},
        failure::FormFailure,
        form::{Form, SentForm, sent},
        notice::Notice,
    },
    counted::counted,
};

/// Operations up to which all that is new is ticked.
const MOST_TICKED: usize = 40;

#[component]
pub fn Plan(project_id: String, looked_at: LookedAt, plan: ImportPlan) -> impl IntoView {
    let import = SentForm::from(&sent::<ImportTools>());
    let about_ticks = import.about("operations");
    let ticked = ticked(&looked_at, &plan);
    let number = plan
        .tools
        .iter()
        .filter(|row| ticked.contains(&row.operation))
        .count();
    let summary = format!(
        "{} of {} can be tools.",
        plan.tools.len(),
        counted(plan.operations, "operation", "operations")
    );
    // Rows of another document are other rows, whatever was ticked in these.
    let document: String = plan.digest.chars().take(8).collect();
    let rows = plan
        .tools
        .into_iter()
        .map(|row| {
            let id = format!("import-{document}-{}", row.name);
            let is_ticked = ticked.contains(&row.operation);
            view! { <PlannedItem id row is_ticked /> }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-label="What the document has">
            <Form of=import class="stack" shows=true>
                <div class="cluster">
                    <h2>{summary}</h2>
                    <TickButton is_all=true />
                    <TickButton is_all=false />
                </div>
                <Warnings lacking_secrets=plan.lacking_secrets gone=plan.gone />
                <input type="hidden" name="project_id" value=project_id />
                <Carried looked_at digest=plan.digest />
                <input
                    class="input with-wasm"
                    type="search"
                    placeholder="Filter by name or path"
                    aria-label="Filter the operations"
                    data-filter="#planned > li"
                />
                <ul class="rows rows-scroll" id="planned" data-ticks>
                    {rows}
                </ul>
                <Refused refused=plan.refused />
                <FormFailure fields=&["operations"] />
                {about_ticks.map(|text| view! { <p class="problem">{text}</p> })}
                <div class="cluster">
                    <Button kind=ButtonKind::Primary>
                        "Import "
                        <span
                            class="with-wasm"
                            data-tick-count
                            data-one="tool"
                            data-many="tools"
                        >
                            {counted(number, "tool", "tools")}
                        </span>
                        <span class="without-wasm">"the ticked"</span>
                    </Button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

/// What was ticked; at first all that is new, unless that is more than anybody wants.
fn ticked(looked_at: &LookedAt, plan: &ImportPlan) -> HashSet<String> {
    if let Some(ticked) = &looked_at.ticked {
        return ticked.iter().cloned().collect();
    }
    let new = plan
        .tools
        .iter()
        .filter(|row| row.change != RowChange::Unchanged);
    if new.clone().count() > MOST_TICKED {
        return HashSet::new();
    }
    new.map(|row| row.operation.clone()).collect()
}

#[component]
fn Warnings(lacking_secrets: usize, gone: Vec<String>) -> impl IntoView {
    let lacking = (lacking_secrets > 0).then(|| {
        view! {
            <Notice tone=Tone::Warning>
                {format!(
                    "{} a secret: give it above, under “Server, secret and selection”, and look again before you import them.",
                    counted(lacking_secrets, "tool lacks", "tools lack"),
                )}
            </Notice>
        }
    });
    let gone = (!gone.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Warning>
                {format!(
                    "At this server, and not in the document: {}. They stay until you delete them.",
                    gone.join(", "),
                )}
            </Notice>
        }
    });
    view! {
        {lacking}
        {gone}
    }
}

#[component]
fn Refused(
    /// Operation and reason.
    refused: Vec<(String, String)>,
) -> impl IntoView {
    let number = refused.len();
    let rows = refused
        .into_iter()
        .map(|(operation, reason)| {
            view! {
                <li class="row">
                    <div class="row-main">
                        <span class="row-title mono">{operation}</span>
                        <span class="row-sub">{reason}</span>
                    </div>
                </li>
            }
        })
        .collect_view();
    (number > 0).then(|| {
        view! {
            <details class="fold">
                <summary>
                    {format!("{} cannot, and why", counted(number, "operation", "operations"))}
                </summary>
                <div class="fold-body">
                    <ul class="rows rows-scroll">{rows}</ul>
                </div>
            </details>
        }
    })
}

#[component]
fn PlannedItem(id: String, row: PlannedRow, is_ticked: bool) -> impl IntoView {
    let (tone, what) = match row.change {
        RowChange::Added => (Tone::Good, "new".to_owned()),
        RowChange::Changed(fields) => (Tone::Warning, format!("changes: {}", fields.join(", "))),
        RowChange::Unchanged => (Tone::Plain, "unchanged".to_owned()),
    };
    let left_out = row.left_out.join(" ");
    view! {
        <li class="row" id=id>
            <label class="row-main check">
                <input type="checkbox" name=OPERATIONS value=row.operation checked=is_ticked />
                <span class="row-main">
                    <span class="row-title">
                        <span class="mono">{row.name}</span>
                        <Badge tone>{what}</Badge>
                    </span>
                    <span class="row-sub mono">{row.calls} " · " {row.auth}</span>
                    {(!left_out.is_empty())
                        .then(|| view! { <span class="row-sub">"Leaves out: " {left_out}</span> })}
                </span>
            </label>
        </li>
    }
    .into_any()
}
