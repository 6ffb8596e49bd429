//! Which of the project's tools an integration offers: how many, on its page; which, on a page of its own.

use leptos::prelude::*;
use leptos_meta::Title;

use super::ids::Ids;
use crate::{
    api::integrations::{
        IntegrationDetails,
        tools::{OfferedTool, OfferedTools, SetOfferedTools, list_offered_tools},
    },
    components::{
        badge::Badge,
        button::{Button, LinkButton},
        choice::Choice,
        failure::FormFailure,
        form::{Form, SentForm, sent},
        list_query::{Asked, Choices, ListSearch, Pages},
        live::Live,
        loaded::Loaded,
    },
    counted::counted,
    pages::in_path,
    ssr::offered_tools::path,
};

const STATES: Choices = &[
    ("", "All"),
    ("offered", "Offered"),
    ("left-out", "Left out"),
];

const TICKS: &str = "tool_ids[]";
const MEANS: &str = "No connection gets more than this, whatever was approved. A change counts from the next request on.";

/// On the integration's page.
#[component]
pub fn Offered(details: IntegrationDetails) -> impl IntoView {
    let numbers = details.tools;
    let says = match details.offers_all {
        true => format!(
            "All tools of the project: {} now, and those that are added later.",
            counted(numbers.all, "tool", "tools")
        ),
        false => format!(
            "{} of {}, and none that is added later.",
            numbers.offered,
            counted(numbers.all, "tool", "tools")
        ),
    };
    let list = path(&in_path("project_id"), &in_path("integration_id"));
    let label = match details.may_manage {
        true => "Choose the tools",
        false => "See the tools",
    };
    view! {
        <section class="card stack" aria-labelledby="offered-tools">
            <h2 id="offered-tools">"Tools that it offers"</h2>
            <p>{says}</p>
            <p class="quiet">{MEANS}</p>
            <div>
                <LinkButton href=list>{label}</LinkButton>
            </div>
        </section>
    }
    .into_any()
}

#[component]
pub fn OfferedToolsPage() -> impl IntoView {
    let (project, integration) = (in_path("project_id"), in_path("integration_id"));
    let asked = Asked::in_query(path(&project, &integration));
    let list = list_offered_tools(project.clone(), integration.clone(), asked.query.clone());
    let back = format!("/projects/{project}/integrations/{integration}");
    view! {
        <Title text="Tools of an integration" />
        <Live project_id=project />
        <div class="stack">
            <Loaded from=list show=move |list| view! { <Page list asked back /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Page(
    list: OfferedTools,
    asked: Asked,
    /// The integration's page.
    back: String,
) -> impl IntoView {
    let says = match list.offers_all {
        true => "It offers all tools of the project now.".to_owned(),
        false => format!(
            "It offers {} of {} now.",
            list.offered,
            counted(list.place.total, "tool", "tools")
        ),
    };
    let place = list.place;
    let pages = asked.clone();
    view! {
        <div class="page-head">
            <div>
                <div class="crumbs">
                    <a href=back>{list.name.clone()}</a>
                </div>
                <h1>"Tools that it offers"</h1>
                <p>{says} " " {MEANS}</p>
            </div>
        </div>
        <ListSearch
            asked=asked.clone()
            label="Search the tools"
            placeholder="Name or title"
            states=STATES
        />
        {if list.may_manage {
            view! { <Selection list asked /> }.into_any()
        } else {
            view! { <Looked list /> }.into_any()
        }}
        <Pages asked=pages place />
    }
    .into_any()
}

/// For those who may only look.
#[component]
fn Looked(list: OfferedTools) -> impl IntoView {
    let rows = list
        .tools
        .into_iter()
        .map(|tool| {
            let is_offered = tool.is_offered;
            view! {
                <li class="row">
                    <div class="row-main">
                        <Named tool />
                    </div>
                    {is_offered.then(|| view! { <Badge>"offered"</Badge> })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

/// The ticks of this page of the list are added and taken away; what is on other pages stays.
#[component]
fn Selection(list: OfferedTools, asked: Asked) -> impl IntoView {
    let save = sent::<SetOfferedTools>();
    let about_ticks = SentForm::from(&save).about("tool_ids");
    let offers_all = list.offers_all;
    let place = list.place;
    let all = place.total;
    let next = (place.page * place.rows < place.found).then(|| asked.page(place.page + 1).link());
    let has_others = all > list.tools.len();
    view! {
        <Form of=&save class="stack" done="Saved.">
            <FormFailure fields=&["tool_ids"] />
            <Ids />
            <fieldset class="choices">
                <legend class="sr-only">"Tools that it offers"</legend>
                <Choice
                    name="offer"
                    value="all"
                    title="All tools of the project"
                    text=format!("{all} now, and those that are added later.")
                    is_checked=offers_all
                />
                <Choice
                    name="offer"
                    value="selected"
                    title="Only the tools I tick"
                    text="Nothing that is added later."
                    is_checked=!offers_all
                />
            </fieldset>
            <Picks tools=list.tools offers_all />
            {about_ticks.map(|text| view! { <p class="problem">{text}</p> })}
            {has_others
                .then(|| {
                    view! {
                        <p class="hint">
                            "Saving changes the tools that are listed here; those on other pages of the list stay as they were saved. Save before you go to another page or search: ticks that are not saved are lost."
                        </p>
                    }
                })}
            <div class="cluster">
                <Button>"Save tools"</Button>
                {next
                    .map(|next| {
                        view! {
                            <Button name="next" value=next>
                                "Save, and show the next"
                            </Button>
                        }
                    })}
            </div>
        </Form>
    }
    .into_any()
}

#[component]
fn Picks(tools: Vec<OfferedTool>, offers_all: bool) -> impl IntoView {
    if tools.is_empty() {
        return view! { <p class="quiet">"No tool of the project is like that."</p> }.into_any();
    }
    // Where all are offered no box is ticked, so that ticking begins with none.
    let picks = tools
        .into_iter()
        .map(|tool| view! { <Pick is_ticked=!offers_all && tool.is_offered tool /> })
        .collect_view();
    view! { <div class="tool-picks tool-picks-whole">{picks}</div> }.into_any()
}

#[component]
fn Pick(tool: OfferedTool, is_ticked: bool) -> impl IntoView {
    let form = use_context::<SentForm>();
    let sent = form.and_then(|form| form.ticked(TICKS, &tool.id));
    let is_ticked = sent.unwrap_or(is_ticked);
    let id = tool.id.clone();
    view! {
        <input type="hidden" name="shown[]" value=id.clone() />
        <label class="check">
            <input type="checkbox" name=TICKS value=id checked=is_ticked />
            <span class="tool-pick-text">
                <Named tool />
            </span>
        </label>
    }
    .into_any()
}

#[component]
fn Named(tool: OfferedTool) -> impl IntoView {
    view! {
        <span class="mono">{tool.name}</span>
        " "
        <span class="quiet">{tool.title}</span>
        " "
        {tool.is_read_only.then(|| view! { <Badge>"read-only"</Badge> })}
        {(!tool.is_enabled).then(|| view! { <Badge>"disabled"</Badge> })}
    }
}
