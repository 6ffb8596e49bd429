//! How much is called, and how much of it fails: the last day by hours, the last week by days.

use leptos::prelude::*;

use crate::{
    components::{
        chart::{Bar, CallChart},
        tabs::{Tab, Tabs},
    },
    pages::in_query,
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
}

#[component]
pub fn Activity(
    /// The page, by its path.
    #[prop(into)]
    path: String,
    span: Span,
    /// From the oldest; one for each hour or day.
    bars: Vec<Bar>,
) -> impl IntoView {
    view! {
        <section class="card" data-testid="activity">
            <CallChart span=span.in_words() bars>
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
    }
    .into_any()
}
