//! How much is called, and how much of it fails: the last day by hours, the last week by days.

use leptos::prelude::*;

use crate::{
    api::{
        UiError,
        calls::{CallCount, CallRow, count_calls, recent_calls},
    },
    components::{
        chart::{Bar, CallChart},
        tabs::{Tab, Tabs},
    },
    pages::{calls::rows::CallTable, in_query},
};

/// How far the chart goes back: `?span=week`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
}

impl Span {
    pub fn in_query() -> Self {
        match in_query("span").as_deref() {
            Some("week") => Self::Week,
            _ => Self::Day,
        }
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::Day => "the last 24 hours",
            Self::Week => "the last 7 days",
        }
    }

    /// The same, as the list of calls says it.
    const fn of_calls(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
        }
    }
}

/// How much was called, and the newest of it.
pub struct Recent {
    span: Span,
    /// From the oldest; one for each hour or day.
    counts: Vec<CallCount>,
    newest: Vec<CallRow>,
}

/// What the page's address asks for.
pub async fn load(project_id: String) -> Result<Recent, UiError> {
    let span = Span::in_query();
    let counts = count_calls(project_id.clone(), span == Span::Week).await?;
    let newest = recent_calls(project_id).await?;
    Ok(Recent {
        span,
        counts,
        newest,
    })
}

/// Shown once something was called.
#[component]
pub fn Activity(project_id: String, recent: Recent) -> impl IntoView {
    let Recent {
        span,
        counts,
        newest,
    } = recent;
    if newest.is_empty() {
        return ().into_any();
    }
    let path = format!("/projects/{project_id}");
    let calls = format!("{path}/calls");
    let failed = format!("{calls}?status=failed&span={}", span.of_calls());
    let bars = counts.into_iter().map(|count| Bar {
        label: count.label,
        calls: count.calls,
        failures: count.failures,
    });
    view! {
        <section class="card" data-testid="activity">
            <CallChart span=span.in_words() bars=bars.collect()>
                <Tabs label="How far back">
                    <Tab href=path.clone() is_current={span == Span::Day}>
                        "24 hours"
                    </Tab>
                    <Tab href=format!("{path}?span=week") is_current={span == Span::Week}>
                        "7 days"
                    </Tab>
                </Tabs>
            </CallChart>
        </section>
        <section class="stack-tight" aria-labelledby="recent">
            <div class="cluster">
                <h2 id="recent">"Newest calls"</h2>
                <a href=calls>"All calls"</a>
                <a href=failed>"Those that failed"</a>
            </div>
            <CallTable project_id calls=newest />
        </section>
    }
    .into_any()
}
