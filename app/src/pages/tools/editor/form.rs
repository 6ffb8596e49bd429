//! The form of one tool, new or there already.

use leptos::{context::Provider, prelude::*};

use super::{
    authentication::Authentication,
    endpoint::Endpoint,
    limits::Limits,
    preview::{self, LintCard, RequestCard},
    templates::Templates,
};
use crate::{
    api::{
        lint::ToolLint,
        playground::PreviewTool,
        tools::{DeleteTool, SaveTool, ToolForm, ToolPage},
    },
    components::{
        button::{Button, ButtonKind, LinkButton},
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        field::{AreaField, CheckField, TextField},
        form::{Form, SentForm, sent},
    },
};

/// The fields that show their own problems.
const FIELDS: &[&str] = &[
    "name",
    "title",
    "description",
    "base_url",
    "http_method",
    "endpoint_path",
    "input_schema",
    "output_schema",
    "headers_template",
    "query_template",
    "body_template",
    "auth_strategy",
    "auth_config.header",
    "auth_config.parameter",
    "auth_config.username",
    "auth_secret",
    "auth_secret_name",
    "timeout_ms",
    "max_response_bytes",
    "max_concurrency",
    "max_retries",
    "icons",
];

const DELETE: &str = "delete-tool";

#[component]
pub fn ToolEditor(
    project_id: String,
    /// `new` for one that is to be.
    tool_id: String,
    page: ToolPage,
    /// Of a tool that is only looked at, where it was asked for.
    #[prop(optional_no_strip)]
    lint: Option<ToolLint>,
    /// Whether the form came filled in, so that there is something to look at.
    #[prop(optional)]
    is_filled_in: bool,
) -> impl IntoView {
    let save = sent::<SaveTool>();
    let look = sent::<PreviewTool>();
    let is_new = tool_id == "new";
    let ToolPage {
        form,
        has_secret,
        vault,
        may_edit,
    } = page;
    let name = form.name.clone();
    let back = format!("/projects/{project_id}/tools");
    let saved = SentForm::from(&save);
    // Whether there is something to look at before somebody types.
    let at_once = may_edit && (!is_new || is_filled_in || saved.is_answered());
    // A look keeps what was typed, as saving does.
    let looked = SentForm::from(&look);
    let typed = match looked.is_answered() {
        true => looked,
        false => saved.clone(),
    };
    let of = (saved.id(), saved.id());
    let looked = look.value();
    let found = lint.or_else(|| looked.as_ref().and_then(|look| look.lint.clone()));
    let later =
        (!may_edit && !is_new).then(|| format!("/projects/{project_id}/tools/{tool_id}?report=1"));
    let ids = (project_id.clone(), tool_id.clone());
    view! {
        <div class="stack">
            <Form
                of=saved
                class="stack"
                preview=may_edit.then_some(preview::FUNCTION)
            >
                <Provider value=typed>
                    <input type="hidden" name="project_id" value=ids.0 />
                    <input type="hidden" name="tool_id" value=ids.1 />
                    <FormFailure fields=FIELDS />
                    <Words form=form.clone() />
                    <Endpoint form=form.clone() />
                    <RequestCard
                        of=of.0
                        at_once
                        request=looked.map(|look| look.request)
                    />
                    <Templates form=form.clone() />
                    <Authentication form=form.clone() has_secret vault />
                    <Limits form />
                    <div class="cluster">
                        <Button kind=ButtonKind::Primary is_disabled=!may_edit>
                            {if is_new { "Register tool" } else { "Save changes" }}
                        </Button>
                        // Not the first button, which is the one that Enter presses.
                        <Button is_without_wasm=true action=preview::FUNCTION is_disabled=!may_edit>
                            "Look at it"
                        </Button>
                        <LinkButton href=back>
                            "Cancel"
                        </LinkButton>
                    </div>
                </Provider>
            </Form>
            <LintCard of=of.1 lint=found later />
        </div>
        {(!is_new && may_edit).then(|| view! { <Delete project_id tool_id name /> })}
    }
    .into_any()
}

/// What people and models read of it.
#[component]
fn Words(form: ToolForm) -> impl IntoView {
    view! {
        <section class="card stack">
            <h2>"What it is"</h2>
            <TextField
                label="Name"
                field="name"
                name="form[name]"
                value=form.name
                placeholder="crm-contacts-get_by_id"
                hint="What Claude calls it. Letters, digits, _ and -, at most 64; a good form is category-api-method."
                is_code=true
            />
            <TextField
                label="Title"
                field="title"
                name="form[title]"
                value=form.title
                placeholder="Get a contact"
                hint="For people, where Claude shows the call."
            />
            <AreaField
                label="Description"
                field="description"
                name="form[description]"
                value=form.description
                rows=3
                placeholder="Fetches one contact of the CRM by its id. Use it when the person names a contact."
                hint="What it does and when to use it: all that the model knows of it."
            />
            <CheckField
                label="Enabled"
                field="is_enabled"
                name="form[is_enabled]"
                is_checked=form.is_enabled
                hint="A disabled tool is neither listed nor callable."
            />
        </section>
    }
    .into_any()
}

#[component]
fn Delete(project_id: String, tool_id: String, name: String) -> impl IntoView {
    let delete = sent::<DeleteTool>();
    view! {
        <hr class="my-8 border-line" />
        <OpenButton dialog=DELETE kind=ButtonKind::Danger>
            "Delete tool"
        </OpenButton>
        <Dialog id=DELETE title=format!("Delete {name}?") of=&delete>
            <p>
                "Claude can no longer call it, from the next request on. Its calls stay in the log. To pause it instead, disable it."
            </p>
            <Form of=&delete class="stack">
                <FormFailure />
                <input type="hidden" name="project_id" value=project_id />
                <input type="hidden" name="tool_id" value=tool_id />
                <ConfirmActions dialog=DELETE confirm="Yes, delete it" />
            </Form>
        </Dialog>
    }
    .into_any()
}
