//! What Claude would stumble over.

use leptos::prelude::*;

use super::badge::{Badge, Tone};
use crate::api::lint::{FindingRow, FindingSeverity};

#[component]
pub fn Findings(findings: Vec<FindingRow>) -> impl IntoView {
    let rows = findings
        .into_iter()
        .map(|finding| {
            let (tone, word) = match finding.severity {
                FindingSeverity::Error => (Tone::Bad, "error"),
                FindingSeverity::Warning => (Tone::Warning, "warning"),
                FindingSeverity::Hint => (Tone::Plain, "hint"),
            };
            view! {
                <li class="finding">
                    <Badge tone>{word}</Badge>
                    <span>
                        <span class="mono">{finding.field}</span>
                        ": "
                        {finding.message}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="findings">{rows}</ul> }.into_any()
}
