//! A tool from a curl command: paste it, look through the form, save.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{super::in_path, editor::ToolEditor};
use crate::{
    api::{
        playground::PreviewTool,
        tool_sources::{FromCurl, ToolFromCurl},
        tools::{SaveTool, ToolPage, load_tool},
    },
    components::{
        button::{Button, ButtonKind},
        failure::FormFailure,
        field::AreaField,
        form::{Form, SentForm, sent},
        loaded::Loaded,
        notice::Notice,
    },
};

#[component]
pub fn CurlPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let read = sent::<ToolFromCurl>();
    let then = match read.value() {
        Some(made) => view! { <Made project_id=project_id.clone() made /> }.into_any(),
        None if is_looked_through() => {
            view! { <LookedThrough project_id=project_id.clone() /> }.into_any()
        }
        None => ().into_any(),
    };
    view! {
        <Title text="A tool from curl" />
        <div class="page-head">
            <div>
                <h1>"A tool from curl"</h1>
                <p>
                    "Paste a command from an API’s documentation, or from your browser’s “Copy as cURL”. Nothing is run: it becomes a form that you look through."
                </p>
            </div>
        </div>
        <div class="stack">
            <Form of=&read class="card stack" shows=true>
                <input type="hidden" name="project_id" value=project_id />
                <FormFailure fields=&["command"] />
                <AreaField
                    label="Command"
                    field="command"
                    rows=6
                    placeholder="curl https://api.example.com/v1/contacts/42 -H 'Authorization: Bearer …'"
                    hint="A token in it goes into the tool’s secret and nowhere else."
                    is_code=true
                />
                <div class="cluster">
                    <Button kind=ButtonKind::Primary>
                        "Make a tool of it"
                    </Button>
                </div>
            </Form>
            {then}
        </div>
    }
    .into_any()
}

/// Whether the page answers the form of the tool that was made: it goes on then.
fn is_looked_through() -> bool {
    SentForm::from(&sent::<SaveTool>()).is_answered()
        || SentForm::from(&sent::<PreviewTool>()).is_answered()
}

#[component]
fn Made(project_id: String, made: FromCurl) -> impl IntoView {
    let notes = made
        .notes
        .into_iter()
        .map(|note| view! { <li>{note}</li> })
        .collect::<Vec<_>>();
    let page = ToolPage {
        form: made.form,
        has_secret: false,
        vault: made.vault,
        may_edit: true,
    };
    view! {
        {(!notes.is_empty())
            .then(|| {
                view! {
                    <Notice is_status=true>
                        <strong>"Look at these before you save:"</strong>
                        <ul>{notes}</ul>
                    </Notice>
                }
            })}
        <ToolEditor project_id tool_id="new".to_owned() page is_filled_in=true />
    }
    .into_any()
}

/// The same form, of which all is known by what was typed.
#[component]
fn LookedThrough(project_id: String) -> impl IntoView {
    let page = load_tool(project_id.clone(), "new".to_owned());
    let show = move |page| {
        view! { <ToolEditor project_id tool_id="new".to_owned() page is_filled_in=true /> }
    };
    view! { <Loaded from=page show /> }
}
