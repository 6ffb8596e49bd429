//! Switching several tools at once.

use leptos::prelude::*;

use crate::{
    api::tools::SetToolsEnabled,
    components::{
        failure::FormFailure,
        form::{Form, SentForm, sent},
    },
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
                <button type="submit" class="btn btn-small" name="is_enabled" value="true">
                    "Enable the ticked"
                </button>
                <button type="submit" class="btn btn-small" name="is_enabled" value="false">
                    "Disable the ticked"
                </button>
                <button type="button" class="btn btn-small btn-quiet with-wasm" data-tick="all">
                    "Tick all"
                </button>
                <button type="button" class="btn btn-small btn-quiet with-wasm" data-tick="none">
                    "Tick none"
                </button>
            </div>
            {about_ticks.map(|text| view! { <p class="problem">{text}</p> })}
        </Form>
    }
    .into_any()
}
