//! Where a call's time went: one bar in parts, with the same numbers below it.

use leptos::prelude::*;

use crate::api::calls::one::Phase;

/// Units of the picture, which is stretched to its place.
const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 20.0;

#[component]
pub fn Timings(phases: Vec<Phase>) -> impl IntoView {
    let total: i64 = phases.iter().map(|phase| phase.micros).sum();
    // What took no time that was measured has no place, and divides by nothing.
    let share = move |micros: i64| match total {
        0 => 0.0,
        total => micros as f64 / total as f64,
    };
    let mut left = 0.0;
    let bars: Vec<_> = phases
        .iter()
        .enumerate()
        .map(|(at, phase)| {
            let width = share(phase.micros) * WIDTH;
            let x = left;
            left += width;
            view! {
                <rect
                    class=format!("phase phase-{at}")
                    x=format!("{x:.2}")
                    y="0"
                    width=format!("{width:.2}")
                    height=HEIGHT.to_string()
                >
                    <title>{format!("{}: {}", phase.name, phase.duration)}</title>
                </rect>
            }
        })
        .collect();
    let said: Vec<_> = phases
        .iter()
        .map(|phase| format!("{} {}", phase.name.to_lowercase(), phase.duration))
        .collect();
    let rows = phases
        .into_iter()
        .enumerate()
        .map(|(at, phase)| {
            view! {
                <li>
                    <span class=format!("phase-key phase-{at}") aria-hidden="true"></span>
                    <span class="phase-name">{phase.name}</span>
                    <span class="phase-time">{phase.duration}</span>
                    <span class="hint">{phase.text}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <svg
            class="phases"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
            aria-label=format!("Where the time went: {}", said.join(", "))
        >
            {bars}
        </svg>
        <ul class="phase-list">{rows}</ul>
    }
    .into_any()
}
