//! The form that filters the calls. It is sent by GET, so that the address says what is shown.

use leptos::prelude::*;

use crate::{
    api::calls::{CallFilter, Choices, SPANS},
    components::button::{Button, ButtonKind, LinkButton},
};

use super::asked::{is_filtered, link};

const TOOLS: &str = "tools-of-calls";

#[component]
pub fn Filter(project_id: String, asked: CallFilter, choices: Choices) -> impl IntoView {
    let is_part = is_filtered(&asked);
    let path = link(&project_id, &CallFilter::default());
    let names = choices
        .tools
        .into_iter()
        .map(|name| view! { <option value=name></option> })
        .collect_view();
    let spans = SPANS
        .iter()
        .map(|(word, _, text)| ((*word).to_owned(), (*text).to_owned()));
    let ways = [
        ("mcp", "MCP"),
        ("rest", "REST API"),
        ("playground", "Playground"),
    ];
    let ways = ways.map(|(word, text)| (word.to_owned(), text.to_owned()));
    let outcomes = choices.outcomes.into_iter();
    let failed = ("failed".to_owned(), "Failed, in any way".to_owned());
    let outcomes: Vec<_> = std::iter::once(failed).chain(outcomes).collect();
    let has_times = !asked.since.is_empty() || !asked.until.is_empty();
    // Between two times it is no condition.
    let span = match has_times {
        true => String::new(),
        false => asked.span,
    };
    let clear = path.clone();
    view! {
        <form class="filters card" role="search" action=path aria-label="Filter the calls">
            <div class="filters-fields">
                <div class="field">
                    <label for="of-tool">"Tool"</label>
                    <input
                        id="of-tool"
                        class="input"
                        name="tool"
                        list=TOOLS
                        value=choices.tool
                        autocomplete="off"
                        spellcheck="false"
                        data-shortcut="/"
                    />
                    <datalist id=TOOLS>{names}</datalist>
                </div>
                <Pick label="Integration" name="integration" any="Any" chosen=asked.integration options=choices.integrations />
                <Pick label="Person" name="person" any="Anybody" chosen=asked.person options=choices.people />
                <Pick label="Outcome" name="status" any="Any" chosen=asked.status options=outcomes />
                <Pick label="Came by" name="via" any="Any way" chosen=asked.via options=ways.to_vec() />
                <Pick label="When" name="span" any="Any time" chosen=span options=spans.collect() />
            </div>
            <details class="filters-times" open=has_times>
                <summary>"Between two times"</summary>
                <div class="filters-fields">
                    <Moment label="From (UTC)" name="since" value=asked.since />
                    <Moment label="Until (UTC)" name="until" value=asked.until />
                </div>
            </details>
            <div class="cluster">
                <Button>"Filter"</Button>
                {is_part
                    .then(|| {
                        view! {
                            <LinkButton href=clear kind=ButtonKind::Quiet>
                                "Show all"
                            </LinkButton>
                        }
                    })}
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Pick(
    label: &'static str,
    name: &'static str,
    /// What is no condition.
    any: &'static str,
    chosen: String,
    options: Vec<(String, String)>,
) -> impl IntoView {
    let id = format!("of-{name}");
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let is_chosen = value == chosen;
            view! {
                <option value=value selected=is_chosen>
                    {text}
                </option>
            }
        })
        .collect_view();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id class="input" name=name>
                <option value="">{any}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

#[component]
fn Moment(label: &'static str, name: &'static str, value: String) -> impl IntoView {
    let id = format!("of-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id class="input" type="datetime-local" name=name value=value />
        </div>
    }
    .into_any()
}
