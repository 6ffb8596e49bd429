//! What is looked at.

use leptos::prelude::*;

use super::Piece;
use crate::{
    api::{
        When,
        lint::{FindingRow, FindingSeverity},
    },
    components::{
        badge::{Badge, Tone},
        button::{ButtonKind, LinkButton},
        chart::{Bar, CallChart},
        code_block::CodeBlock,
        copy::CopyField,
        dialog::{ConfirmActions, Dialog, OpenButton},
        empty::Empty,
        findings::Findings,
        notice::Notice,
        table::{Column, Table},
        time_ago::TimeAgo,
        toast::Toast,
    },
};

#[component]
pub fn Shown(theme: &'static str) -> impl IntoView {
    view! {
        <Piece name="Badge">
            <div class="cluster">
                <Badge>"draft"</Badge>
                <Badge tone=Tone::Good>"active"</Badge>
                <Badge tone=Tone::Warning>"warning"</Badge>
                <Badge tone=Tone::Bad>"failed"</Badge>
            </div>
        </Piece>
        <Piece name="Notice">
            <Notice>"Said in passing."</Notice>
            <Notice tone=Tone::Good>"It went well."</Notice>
            <Notice tone=Tone::Warning>
                <strong>"Look out. "</strong>
                "Here is what to do."
            </Notice>
            <Notice tone=Tone::Bad>"It failed, and why."</Notice>
        </Piece>
        <Piece name="Toast">
            <Toast>"Copied to the clipboard"</Toast>
            <Toast is_bad=true>"The server cannot be reached."</Toast>
        </Piece>
        <Piece name="Empty state">
            <Empty title="No tools yet">
                <p>"A tool is an HTTP endpoint of yours. Here is how one comes to be."</p>
                <div class="cluster">
                    <LinkButton href="#" kind=ButtonKind::Primary>
                        "Register tool"
                    </LinkButton>
                </div>
            </Empty>
        </Piece>
        <Piece name="Code and copy">
            <CopyField label="Server URL" value="https://tools.example.com/mcp/" />
            <CodeBlock label="Command" text="curl https://tools.example.com/api/v1/projects \\\n  -H 'Authorization: Bearer …'" />
            <CodeBlock
                label="the request"
                text="GET https://crm.example.com/contacts/7?include=companies,deals,notes&fields=name,email,phone HTTP/1.1"
                hides_label=true
                wraps=true
            />
        </Piece>
        <Piece name="Findings">
            <Findings findings=findings() />
        </Piece>
        <Piece name="Table">
            <Calls />
        </Piece>
        <Piece name="Chart">
            <div class="card">
                <CallChart span="the last 24 hours" bars=bars()>
                    ""
                </CallChart>
            </div>
            <div class="card">
                <CallChart span="the last 7 days" bars=nothing()>
                    ""
                </CallChart>
            </div>
        </Piece>
        <Piece name="Dialog">
            <OneDialog theme />
        </Piece>
    }
    .into_any()
}

#[component]
fn Calls() -> impl IntoView {
    const COLUMNS: &[Column] = &[
        Column::code("Tool"),
        Column::text("Outcome"),
        Column::number("Duration"),
        Column::text("When"),
    ];
    let row = |tool: &'static str, tone, outcome: &'static str, took: &'static str| {
        let when = When {
            iso: "2026-11-26T04:16:27Z".to_owned(),
            relative: "3 min ago".to_owned(),
        };
        vec![
            tool.into_any(),
            view! { <Badge tone>{outcome}</Badge> }.into_any(),
            took.into_any(),
            view! { <TimeAgo when /> }.into_any(),
        ]
    };
    let rows = vec![
        row("crm-contacts-get", Tone::Good, "OK", "120 ms"),
        row("crm-contacts-create", Tone::Bad, "Timed out", "10000 ms"),
    ];
    view! { <Table caption="Calls" columns=COLUMNS rows /> }.into_any()
}

#[component]
fn OneDialog(theme: &'static str) -> impl IntoView {
    let id = match theme {
        "dark" => "dark-dialog",
        _ => "light-dialog",
    };
    view! {
        <Dialog id title="Delete this tool?">
            <p>"3 connections lose it. This cannot be undone."</p>
            <ConfirmActions dialog=id confirm="Delete tool" />
        </Dialog>
        <div>
            <OpenButton dialog=id>"Open it"</OpenButton>
        </div>
    }
    .into_any()
}

fn findings() -> Vec<FindingRow> {
    let all = [
        (FindingSeverity::Error, "Is no JSON Schema."),
        (FindingSeverity::Warning, "Says nothing of when to use it."),
        (FindingSeverity::Hint, "Is longer than most."),
    ];
    all.into_iter()
        .map(|(severity, message)| FindingRow {
            severity,
            field: "description".to_owned(),
            message: message.to_owned(),
        })
        .collect()
}

/// A day like others.
fn bars() -> Vec<Bar> {
    let calls = [
        0, 0, 0, 1, 0, 0, 4, 12, 31, 44, 52, 47, 23, 38, 61, 72, 58, 40, 18, 9, 6, 2, 0, 3,
    ];
    calls
        .into_iter()
        .enumerate()
        .map(|(hour, calls)| Bar {
            label: format!("{hour:02}:00"),
            calls,
            failures: if hour == 14 { 9 } else { calls / 20 },
        })
        .collect()
}

fn nothing() -> Vec<Bar> {
    ["Fri", "Sat", "Sun", "Mon", "Tue", "Wed", "Thu"]
        .into_iter()
        .map(|day| Bar {
            label: day.to_owned(),
            calls: 0,
            failures: 0,
        })
        .collect()
}
