//! What Claude would stumble over.

use leptos::prelude::*;

use crate::api::lint::{FindingRow, FindingSeverity};

#[component]
pub fn Findings(findings: Vec<FindingRow>) -> impl IntoView {
    let rows = findings
        .into_iter()
        .map(|finding| {
            let (class, word) = match finding.severity {
                FindingSeverity::Error => ("badge badge-bad", "error"),
                FindingSeverity::Warning => ("badge badge-warn", "warning"),
                FindingSeverity::Hint => ("badge", "hint"),
            };
            view! {
                <li class="finding">
                    <span class=class>{word}</span>
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
