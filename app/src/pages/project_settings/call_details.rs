//! Of which calls the project keeps what was asked and answered.

use leptos::prelude::*;

use super::ProjectField;
use crate::{
    api::calls::kept::{KeepDetails, KeptDetails},
    components::{
        button::Button,
        choice::Choice,
        failure::FormFailure,
        form::{Form, sent},
    },
};

const WAYS: &[(&str, &str, &str)] = &[
    ("all", "Of every call", ""),
    (
        "failures",
        "Of calls that failed",
        "What is kept of those that went well is deleted.",
    ),
    ("none", "Of none", "What is kept is deleted."),
];

#[component]
pub fn CallDetails(kept: KeptDetails) -> impl IntoView {
    let KeptDetails {
        keep,
        lifetime,
        most,
        may_manage,
    } = kept;
    let about = format!(
        "Arguments, request and answer, without their secrets, for {lifetime} and of the newest {most} calls at most. Who may see the project may see them. The rows of calls stay in any case."
    );
    let change = sent::<KeepDetails>();
    let now = WAYS
        .iter()
        .find(|(way, ..)| *way == keep)
        .map(|(_, text, _)| *text);
    let shown = if may_manage {
        let ways = WAYS
            .iter()
            .map(|(value, title, text)| {
                view! { <Choice name="keep" value=*value title=*title text=*text is_checked={*value == keep} /> }
            })
            .collect_view();
        view! {
            <Form of=&change class="stack" done="Saved.">
                <ProjectField />
                <FormFailure />
                <fieldset class="choices">
                    <legend class="sr-only">"Of which calls"</legend>
                    {ways}
                </fieldset>
                <div>
                    <Button>"Save"</Button>
                </div>
            </Form>
        }
        .into_any()
    } else {
        view! { <p>{now.map(|text| format!("{text}. An admin of the project can change it."))}</p> }
            .into_any()
    };
    view! {
        <section class="card stack" aria-labelledby="call-details">
            <h2 id="call-details">"What is kept of calls"</h2>
            <p class="quiet">{about}</p>
            {shown}
        </section>
    }
    .into_any()
}
