//! A connection in a list: which client, and in a line what it may do and since when.

use leptos::prelude::*;

use super::time_ago::TimeAgo;
use crate::api::connections::Connection;

#[component]
pub fn ConnectionSummary(
    connection: Connection,
    /// What the line begins with: who connected it, or what it is connected to.
    #[prop(into)]
    first: String,
) -> impl IntoView {
    let sent_to = connection
        .sent_to
        .map(|host| format!(", sent back to {host}"));
    view! {
        <div class="row-main">
            <div class="row-title">
                <strong>{connection.client}</strong>
                <span class="quiet small">{connection.known_by} {sent_to}</span>
            </div>
            <span class="row-sub row-sub-whole">
                {first} " · " {connection.tools} " · connected " <TimeAgo when=connection.since />
                " · "
                {match connection.last_used {
                    Some(when) => view! { <span>"last used " <TimeAgo when /></span> }.into_any(),
                    None => view! { <span>"never used"</span> }.into_any(),
                }}
            </span>
            {connection
                .changed
                .map(|changed| view! { <span class="row-sub row-sub-whole warn">{changed}</span> })}
            <span class="row-sub row-sub-whole">
                {match connection.list {
                    None => {
                        view! { <span>"Has not fetched its list of tools yet."</span> }.into_any()
                    }
                    Some(list) => {
                        view! {
                            <span>
                                "Has " {list.tools} ", fetched " <TimeAgo when=list.at />
                                {if list.is_old {
                                    ". The list has changed since: it has to fetch it again."
                                } else {
                                    "."
                                }}
                            </span>
                        }
                            .into_any()
                    }
                }}
            </span>
        </div>
    }
    .into_any()
}
