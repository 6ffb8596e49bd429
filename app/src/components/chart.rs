//! Calls and failures over time: bars that the server draws. The picture is named by a sentence, and the
//! same numbers are in a table below it.

use leptos::prelude::*;

use super::table::{Column, Table};

/// An hour or a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// `14:00`, `Mon 23 Nov`
    pub label: String,
    pub calls: u64,
    /// Those of them that failed.
    pub failures: u64,
}

/// Units of the picture, which is stretched to its place: a bar with the room around it, and the height.
const STEP: f64 = 10.0;
const GAP: f64 = 1.5;
const HEIGHT: f64 = 100.0;
/// What is there is to be seen, however little it is.
const LEAST: f64 = 1.5;

#[component]
pub fn CallChart(
    /// `the last 24 hours`
    span: &'static str,
    /// From the oldest.
    bars: Vec<Bar>,
    /// Beside its title.
    children: Children,
) -> impl IntoView {
    let calls: u64 = bars.iter().map(|bar| bar.calls).sum();
    let failures: u64 = bars.iter().map(|bar| bar.failures).sum();
    let top = top_of(&bars);
    let labels = [bars.first(), bars.get(bars.len() / 2), bars.last()];
    let axis = labels
        .into_iter()
        .flatten()
        .map(|bar| view! { <span>{bar.label.clone()}</span> })
        .collect_view();
    view! {
        <figure class="chart">
            <figcaption class="chart-head">
                <h2>"Calls"</h2>
                <p class="chart-legend">
                    <span>
                        <span class="chart-key" aria-hidden="true"></span>
                        <b>{calls}</b>
                        {if calls == 1 { " call" } else { " calls" }}
                    </span>
                    <span>
                        <span class="chart-key chart-key-bad" aria-hidden="true"></span>
                        <b>{failures}</b>
                        " failed"
                    </span>
                </p>
                {children()}
            </figcaption>
            <div class="chart-plot">
                <span class="chart-top" aria-hidden="true">
                    {top}
                </span>
                <Picture name=sentence(span, &bars) top bars=bars.clone() />
            </div>
            <div class="chart-axis" aria-hidden="true">
                {axis}
            </div>
            <Numbers bars />
        </figure>
    }
    .into_any()
}

#[component]
fn Picture(name: String, top: u64, bars: Vec<Bar>) -> impl IntoView {
    let width = STEP * bars.len() as f64;
    let drawn = bars
        .into_iter()
        .enumerate()
        .map(|(at, bar)| draw(at, &bar, top))
        .collect_view();
    let line = |y: f64, class| {
        view! { <line class=class x1="0" x2=width.to_string() y1=y.to_string() y2=y.to_string() /> }
    };
    view! {
        <svg
            viewBox=format!("0 0 {width} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
            aria-label=name
        >
            {line(0.0, "chart-grid")}
            {line(HEIGHT / 2.0, "chart-grid")}
            {drawn}
            {line(HEIGHT, "chart-base")}
        </svg>
    }
    .into_any()
}

/// What went well on top of what failed, and over all of it what the pointer finds.
fn draw(at: usize, bar: &Bar, top: u64) -> impl IntoView + use<> {
    let left = STEP * at as f64;
    let bad = height(bar.failures, top);
    let good = height(bar.calls.saturating_sub(bar.failures), top);
    let part = |class: &'static str, height: f64, y: f64| {
        (height > 0.0).then(|| {
            view! {
                <rect
                    class=class
                    x=(left + GAP).to_string()
                    width=(STEP - 2.0 * GAP).to_string()
                    y=format!("{y:.2}")
                    height=format!("{height:.2}")
                />
            }
        })
    };
    view! {
        <g class="chart-bar">
            <title>{said(bar)}</title>
            <rect
                class="chart-hit"
                x=left.to_string()
                width=STEP.to_string()
                y="0"
                height=HEIGHT.to_string()
            />
            {part("chart-good", good, HEIGHT - bad - good)}
            {part("chart-bad", bad, HEIGHT - bad)}
        </g>
    }
}

#[component]
fn Numbers(bars: Vec<Bar>) -> impl IntoView {
    const COLUMNS: &[Column] = &[
        Column::text("From"),
        Column::number("Calls"),
        Column::number("Failed"),
    ];
    let row = |bar: Bar| {
        vec![
            bar.label.into_any(),
            bar.calls.into_any(),
            bar.failures.into_any(),
        ]
    };
    let rows = bars.into_iter().map(row).collect();
    view! {
        <details class="chart-table">
            <summary>"The numbers"</summary>
            <Table caption="Calls over time" columns=COLUMNS rows />
        </details>
    }
    .into_any()
}

fn height(count: u64, top: u64) -> f64 {
    match count {
        0 => 0.0,
        _ => (HEIGHT * count as f64 / top as f64).max(LEAST),
    }
}

/// `14:00: 12 calls, 1 failed`
fn said(bar: &Bar) -> String {
    let noun = if bar.calls == 1 { "call" } else { "calls" };
    format!(
        "{}: {} {noun}, {} failed",
        bar.label, bar.calls, bar.failures
    )
}

/// What somebody sees at a glance.
fn sentence(span: &str, bars: &[Bar]) -> String {
    let calls: u64 = bars.iter().map(|bar| bar.calls).sum();
    let failures: u64 = bars.iter().map(|bar| bar.failures).sum();
    let busiest = bars.iter().max_by_key(|bar| bar.calls);
    match busiest.filter(|bar| bar.calls > 0) {
        None => format!("No calls in {span}."),
        Some(busiest) => format!(
            "{calls} calls in {span}, {failures} of them failed; the most, {}, at {}.",
            busiest.calls, busiest.label
        ),
    }
}

/// A round number that no bar is higher than: 1, 2 or 5 times a power of ten.
fn top_of(bars: &[Bar]) -> u64 {
    let most = bars.iter().map(|bar| bar.calls).max().unwrap_or_default();
    let mut power = 1_u64;
    loop {
        for factor in [1, 2, 5] {
            let top = power.saturating_mul(factor);
            if top >= most {
                return top;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(calls: u64, failures: u64) -> Bar {
        Bar {
            label: "14:00".to_owned(),
            calls,
            failures,
        }
    }

    #[test]
    fn the_top_is_round_and_no_bar_is_higher() {
        for (most, top) in [
            (0, 1),
            (1, 1),
            (2, 2),
            (3, 5),
            (7, 10),
            (120, 200),
            (u64::MAX, u64::MAX),
        ] {
            assert_eq!(top_of(&[bar(most, 0)]), top, "{most}");
        }
        assert_eq!(top_of(&[]), 1);
    }

    #[test]
    fn one_call_among_many_is_seen() {
        assert!(height(1, 1_000_000) >= LEAST);
        assert_eq!(height(0, 10), 0.0);
        assert_eq!(height(10, 10), HEIGHT);
    }

    #[test]
    fn it_says_what_it_shows() {
        assert_eq!(
            sentence("the last 24 hours", &[bar(0, 0)]),
            "No calls in the last 24 hours."
        );
        assert_eq!(
            sentence("the last 24 hours", &[bar(0, 0), bar(12, 1)]),
            "12 calls in the last 24 hours, 1 of them failed; the most, 12, at 14:00."
        );
    }
}
