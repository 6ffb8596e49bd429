//! A tool from a curl command: paste it, look through the form, save.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use super::{super::path_param, editor::ToolEditor};
use crate::{
    api::{
        tool_sources::{FromCurl, ToolFromCurl},
        tools::ToolPage,
    },
    browser,
    components::{
        failure::{FormFailure, error_of, problems_of},
        field::AreaField,
    },
};

#[component]
pub fn CurlPage() -> impl IntoView {
    let project_id = path_param("project_id");
    let read = ServerAction::<ToolFromCurl>::new();
    let error = error_of(read.value());
    let problems = problems_of(error);
    let is_ready = browser::arrived();
    let made = move || {
        read.value()
            .with(|value| value.as_ref()?.as_ref().ok().cloned())
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
        <ActionForm action=read attr:class="card stack">
            <input type="hidden" name="project_id" value=move || project_id.get() />
            <FormFailure error fields=&["command"] />
            <AreaField
                label="Command"
                field="command"
                rows=6
                placeholder="curl https://api.example.com/v1/contacts/42 -H 'Authorization: Bearer …'"
                hint="A token in it goes into the tool’s secret and nowhere else."
                is_code=true
                problems
            />
            <div class="cluster">
                <button
                    type="submit"
                    class="btn btn-primary"
                    disabled=move || !is_ready.get() || read.pending().get()
                >
                    "Make a tool of it"
                </button>
            </div>
        </ActionForm>
        {move || made().map(|made| view! { <Made project_id made /> })}
        </div>
    }
    .into_any()
}

#[component]
fn Made(project_id: Memo<String>, made: FromCurl) -> impl IntoView {
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
                    <div class="notice" role="status">
                        <strong>"Look at these before you save:"</strong>
                        <ul>{notes}</ul>
                    </div>
                }
            })}
        <ToolEditor project_id tool_id=Signal::stored("new".to_owned()) page />
    }
    .into_any()
}
