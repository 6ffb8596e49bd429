//! Switching several tools at once.

use leptos::prelude::*;

use crate::{
    api::{
        lists::Place,
        tools::{SetFoundToolsEnabled, SetToolsEnabled},
    },
    components::{
        button::{Button, ButtonKind, TickButton},
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        form::{Form, SentForm, sent, sent_of},
        list_query::Asked,
    },
    counted::counted,
};

/// The form that the ticks in the rows belong to.
pub fn form() -> SentForm {
    SentForm::from(&sent::<SetToolsEnabled>())
}

#[component]
pub fn Bulk(project_id: String) -> impl IntoView {
    let form = form();
    let about_ticks = form.about("tool_ids");
    view! {
        <Form of=form class="stack-tight" done="Done.">
            <FormFailure fields=&["tool_ids"] />
            <input type="hidden" name="project_id" value=project_id />
            <div class="cluster">
                <Button is_small=true name="is_enabled" value="true">
                    "Enable the ticked"
                </Button>
                <Button is_small=true name="is_enabled" value="false">
                    "Disable the ticked"
                </Button>
                <TickButton kind=ButtonKind::Quiet is_all=true />
                <TickButton kind=ButtonKind::Quiet is_all=false />
            </div>
            {about_ticks.map(|text| view! { <p class="problem">{text}</p> })}
        </Form>
    }
    .into_any()
}

const DISABLE_ALL: &str = "disable-all";

/// Switching all that was found, where it is more than the page shows.
#[component]
pub fn AllFound(
    project_id: String,
    asked: Asked,
    place: Place,
    /// How many of them are enabled.
    enabled: usize,
) -> impl IntoView {
    let all = match asked.is_narrowed() {
        true => format!("all {} found", place.found),
        false => format!("all {}", place.found),
    };
    let enable = (enabled < place.found).then(|| {
        let (project_id, asked) = (project_id.clone(), asked.clone());
        view! { <EnableAll all=all.clone() project_id asked place /> }
    });
    let disable =
        (enabled > 0).then(|| view! { <DisableAll all project_id asked place enabled /> });
    view! {
        {enable}
        {disable}
    }
    .into_any()
}

#[component]
fn EnableAll(all: String, project_id: String, asked: Asked, place: Place) -> impl IntoView {
    let enable = of_all("enable");
    view! {
        <Form of=enable.clone() class="cluster" done="Enabled.">
            <Meant project_id asked place />
            <input type="hidden" name="is_enabled" value="true" />
            <Button is_small=true kind=ButtonKind::Quiet>
                {format!("Enable {all}")}
            </Button>
            <Refused of=enable />
        </Form>
    }
    .into_any()
}

#[component]
fn DisableAll(
    all: String,
    project_id: String,
    asked: Asked,
    place: Place,
    enabled: usize,
) -> impl IntoView {
    let disable = of_all("disable");
    let title = format!("Disable {all}?");
    let lost = counted(enabled, "of them is enabled", "of them are enabled");
    view! {
        <OpenButton dialog=DISABLE_ALL is_small=true kind=ButtonKind::Quiet>
            {format!("Disable {all}")}
        </OpenButton>
        <Dialog id=DISABLE_ALL title of=disable.clone()>
            <p>{format!("{lost}. Clients lose what is disabled with their next request.")}</p>
            <Form of=disable.clone() class="stack" done="Disabled.">
                <Refused of=disable />
                <Meant project_id asked place />
                <input type="hidden" name="is_enabled" value="false" />
                <ConfirmActions dialog=DISABLE_ALL confirm="Disable them" />
            </Form>
        </Dialog>
    }
    .into_any()
}

/// Which tools a form means: those of a search, and how many that were.
#[component]
fn Meant(project_id: String, asked: Asked, place: Place) -> impl IntoView {
    view! {
        <input type="hidden" name="project_id" value=project_id />
        <input type="hidden" name="text" value=asked.query.text />
        <input type="hidden" name="state" value=asked.query.state />
        <input type="hidden" name="found" value=place.found.to_string() />
    }
    .into_any()
}

fn of_all(key: &'static str) -> SentForm {
    SentForm::from(&sent_of::<SetFoundToolsEnabled>(key))
}

/// Why nothing was switched.
#[component]
fn Refused(of: SentForm) -> impl IntoView {
    match of.about("found") {
        Some(why) => view! {
            <p class="problem" role="alert">
                {why}
            </p>
        }
        .into_any(),
        None => view! { <FormFailure of /> }.into_any(),
    }
}
