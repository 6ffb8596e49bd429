//! Rows of the audit log.

use leptos::prelude::*;

use super::time_ago::TimeAgo;
use crate::api::audit::{AuditEntry, AuditPage};

/// A page of the log, and the way to older ones: `path?before=…`.
#[component]
pub fn AuditRows(#[prop(into)] path: String, page: AuditPage) -> impl IntoView {
    if page.entries.is_empty() {
        return view! { <p class="quiet">"Nothing is noted here yet."</p> }.into_any();
    }
    let rows = page
        .entries
        .into_iter()
        .map(|entry| view! { <Row entry /> })
        .collect_view();
    let older = page.older.map(|before| {
        view! {
            <p>
                <a href=format!("{path}?before={before}")>"Older"</a>
            </p>
        }
    });
    view! {
        <ul class="rows">{rows}</ul>
        {older}
    }
    .into_any()
}

#[component]
fn Row(entry: AuditEntry) -> impl IntoView {
    let by = entry.by.map(|email| match entry.by_key {
        true => format!(" by {email}, with an API key"),
        false => format!(" by {email}"),
    });
    view! {
        <li class="row">
            <div class="row-main">
                <div class="row-title">
                    <span>{entry.what}</span>
                    {entry.about.map(|email| view! { <span class="quiet">{email}</span> })}
                </div>
                <span class="row-sub row-sub-whole">
                    <TimeAgo when=entry.at />
                    {by}
                    {entry.address.map(|address| format!(" from {address}"))}
                    {entry.detail.map(|detail| format!(" · {detail}"))}
                </span>
            </div>
        </li>
    }
    .into_any()
}
