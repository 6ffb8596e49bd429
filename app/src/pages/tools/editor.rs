//! The form by which a tool is registered or changed.

use std::time::Duration;

use leptos::{ev::Event, form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use web_sys::HtmlFormElement;

use super::super::path_param;
use crate::{
    api::{
        FieldProblem,
        lint::{LintTool, ToolLint},
        playground::PreviewTool,
        tools::{DeleteTool, SaveTool, ToolPage, load_tool},
    },
    browser,
    components::{
        dialog::{CancelButton, Dialog, OpenButton},
        failure::{FormFailure, error_of, problems_of},
        field::{AreaField, CheckField, TextField},
        findings::Findings,
        loaded::Loaded,
    },
};

pub mod more;

use more::{Authentication, Limits, Templates};

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
pub fn NewToolPage() -> impl IntoView {
    view! { <Editor tool_id=Signal::stored("new".to_owned()) title="Register a tool" /> }
}

#[component]
pub fn EditToolPage() -> impl IntoView {
    let tool_id = path_param("tool_id");
    view! { <Editor tool_id=tool_id.into() title="Edit tool" /> }
}

#[component]
fn Editor(tool_id: Signal<String>, title: &'static str) -> impl IntoView {
    let project_id = path_param("project_id");
    let page = Resource::new(
        move || (project_id.get(), tool_id.get()),
        |(project_id, tool_id)| load_tool(project_id, tool_id),
    );
    view! {
        <Title text=title />
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                <p>
                    "An HTTP endpoint, described so that a model can call it. "
                    <a href="/docs/custom-tools">"How tools work"</a>
                </p>
            </div>
            {move || {
                let id = tool_id.get();
                (id != "new")
                    .then(|| {
                        let base = format!("/projects/{}/tools/{id}", project_id.get());
                        view! {
                            <div class="cluster">
                                <a class="btn" href=format!("{base}/try")>
                                    "Try it"
                                </a>
                                <a class="btn" href=format!("{base}/versions")>
                                    "Versions"
                                </a>
                            </div>
                        }
                    })
            }}
        </div>
        <Loaded
            from=page
            show=move |page| view! { <ToolEditor project_id tool_id page /> }
        />
        {move || (tool_id.get() != "new").then(|| view! { <Lint project_id tool_id /> })}
    }
    .into_any()
}

/// What Claude would stumble over in the tool as it is saved, and what it costs.
#[component]
fn Lint(project_id: Memo<String>, tool_id: Signal<String>) -> impl IntoView {
    let ask = ServerAction::<LintTool>::new();
    Effect::new(move |_| {
        ask.dispatch(LintTool {
            project_id: project_id.get(),
            tool_id: tool_id.get(),
        });
    });
    let lint = move || {
        ask.value()
            .with(|value| value.as_ref()?.as_ref().ok().cloned())
    };
    view! { <div class="mt-4">{move || lint().map(|lint| view! { <LintCard lint /> })}</div> }
        .into_any()
}

#[component]
fn LintCard(lint: ToolLint) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="lint">
            <h2 id="lint">"What Claude would stumble over"</h2>
            <p class="quiet small">
                {format!(
                    "As it is saved. To know of this tool costs a model about {} tokens (an estimate by {}; Claude’s own count is somewhat higher).",
                    lint.tokens,
                    lint.tokenizer,
                )}
            </p>
            {if lint.findings.is_empty() {
                view! { <p>"Nothing that we know of."</p> }.into_any()
            } else {
                view! { <Findings findings=lint.findings /> }.into_any()
            }}
        </section>
    }
    .into_any()
}

/// The form of one tool, new or there already.
#[component]
pub fn ToolEditor(
    project_id: Memo<String>,
    tool_id: Signal<String>,
    page: ToolPage,
) -> impl IntoView {
    let save = ServerAction::<SaveTool>::new();
    let error = error_of(save.value());
    let problems = problems_of(error);
    let is_new = tool_id.with_untracked(|id| id == "new");
    let ToolPage {
        form,
        has_secret,
        vault,
        may_edit,
    } = page;
    let name = form.name.clone();
    let back = move || format!("/projects/{}/tools", project_id.get());
    let preview = Preview::new();
    let around = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let (false, Some(around)) = (is_new, around.get())
            && let Some(form) = browser::form_in(&around)
        {
            preview.look(form, Duration::ZERO);
        }
    });
    view! {
      <div node_ref=around on:input=move |event| preview.look_soon(&event)>
        <ActionForm action=save attr:class="stack">
            <input type="hidden" name="project_id" value=move || project_id.get() />
            <input type="hidden" name="tool_id" value=move || tool_id.get() />
            <FormFailure error fields=FIELDS />
            <section class="card stack">
                <h2>"What it is"</h2>
                <TextField
                    label="Name"
                    field="name"
                    name="form[name]"
                    value=form.name.clone()
                    placeholder="crm-contacts-get_by_id"
                    hint="What Claude calls it. Letters, digits, _ and -, at most 64; a good form is category-api-method."
                    is_code=true
                    problems
                />
                <TextField
                    label="Title"
                    field="title"
                    name="form[title]"
                    value=form.title.clone()
                    placeholder="Get a contact"
                    hint="For people, where Claude shows the call."
                    problems
                />
                <AreaField
                    label="Description"
                    field="description"
                    name="form[description]"
                    value=form.description.clone()
                    rows=3
                    placeholder="Fetches one contact of the CRM by its id. Use it when the person names a contact."
                    hint="What it does and when to use it: all that the model knows of it."
                    problems
                />
                <CheckField
                    label="Enabled"
                    field="is_enabled"
                    name="form[is_enabled]"
                    is_checked=form.is_enabled
                    hint="A disabled tool is neither listed nor callable."
                />
            </section>
            <Endpoint form=form.clone() problems />
            <RequestCard preview />
            <Templates form=form.clone() problems />
            <Authentication form=form.clone() has_secret vault problems />
            <Limits form problems />
            <div class="cluster">
                <button
                    type="submit"
                    class="btn btn-primary"
                    disabled=move || !may_edit || save.pending().get()
                >
                    {if is_new { "Register tool" } else { "Save changes" }}
                </button>
                <a class="btn" href=back>
                    "Cancel"
                </a>
            </div>
        </ActionForm>
      </div>
        {(!is_new && may_edit).then(|| view! { <Delete project_id tool_id name /> })}
    }
    .into_any()
}

/// What the tool would send as the form stands, looked up while somebody types.
#[derive(Clone, Copy)]
struct Preview {
    ask: ServerAction<PreviewTool>,
    /// Counts what was typed, so that only the last of it is looked up.
    typed: StoredValue<u64>,
}

impl Preview {
    fn new() -> Self {
        Self {
            ask: ServerAction::new(),
            typed: StoredValue::new(0),
        }
    }

    fn look_soon(self, event: &Event) {
        if let Some(form) = browser::form_of(event) {
            self.look(form, Duration::from_millis(400));
        }
    }

    fn look(self, form: HtmlFormElement, after: Duration) {
        self.typed.update_value(|typed| *typed += 1);
        let mine = self.typed.get_value();
        let look = move || {
            // The page may be gone by then.
            if self.typed.try_get_value() != Some(mine) {
                return;
            }
            if let Some(mut wish) = browser::read_form::<PreviewTool>(&form) {
                // It is not needed to show where it goes.
                wish.form.auth_secret.clear();
                self.ask.dispatch(wish);
            }
        };
        set_timeout(look, after);
    }
}

#[component]
fn RequestCard(preview: Preview) -> impl IntoView {
    let shown = move || {
        preview.ask.value().with(|value| match value {
            None => view! {
                <p class="quiet small">
                    "Shows here while you type: what a call sends, with arguments that stand for real ones, and secrets masked."
                </p>
            }
            .into_any(),
            Some(Ok(Ok(request))) => {
                view! { <pre class="code code-wrap" tabindex="0">{request.clone()}</pre> }.into_any()
            }
            Some(Ok(Err(why))) => {
                view! { <p class="quiet small pre-line">{why.clone()}</p> }.into_any()
            }
            Some(Err(error)) => view! { <p class="quiet small">{error.to_string()}</p> }.into_any(),
        })
    };
    view! {
        <section class="card stack" aria-labelledby="request">
            <h2 id="request">"The request"</h2>
            <div aria-live="polite">{shown}</div>
        </section>
    }
    .into_any()
}

const METHODS: &[(&str, &str)] = &[
    ("GET", "GET"),
    ("POST", "POST"),
    ("PUT", "PUT"),
    ("PATCH", "PATCH"),
    ("DELETE", "DELETE"),
];

/// Where the call goes, and with which arguments.
#[component]
fn Endpoint(
    form: crate::api::tools::ToolForm,
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    view! {
        <section class="card stack">
            <h2>"What it calls"</h2>
            <TextField
                label="Base URL"
                field="base_url"
                name="form[base_url]"
                value=form.base_url
                placeholder="https://api.example.com"
                hint="Scheme and host only. Private addresses are refused unless the instance's owner allows them."
                is_code=true
                problems
            />
            <div class="two">
                <crate::components::field::SelectField
                    label="Method"
                    field="http_method"
                    name="form[http_method]"
                    value=form.http_method
                    options=METHODS
                    problems
                />
                <TextField
                    label="Path"
                    field="endpoint_path"
                    name="form[endpoint_path]"
                    value=form.endpoint_path
                    placeholder="/v1/contacts/{id}"
                    hint="Starts with /; an argument in braces takes its place."
                    is_code=true
                    problems
                />
            </div>
            <AreaField
                label="Input schema"
                field="input_schema"
                name="form[input_schema]"
                value=form.input_schema
                rows=12
                hint="JSON Schema of the arguments, an object at the top. Arguments that no template uses become the query (GET, DELETE) or the JSON body."
                is_code=true
                problems
            />
        </section>
    }
    .into_any()
}

#[component]
fn Delete(project_id: Memo<String>, tool_id: Signal<String>, name: String) -> impl IntoView {
    let delete = ServerAction::<DeleteTool>::new();
    let node = NodeRef::<html::Dialog>::new();
    view! {
        <hr class="my-8 border-line" />
        <OpenButton dialog=DELETE node class="btn btn-danger">
            "Delete tool"
        </OpenButton>
        <Dialog id=DELETE title=format!("Delete {name}?") node>
            <p>
                "Claude can no longer call it, from the next request on. Its calls stay in the log. To pause it instead, disable it."
            </p>
            <FormFailure error=error_of(delete.value()) fields=&[] />
            <ActionForm action=delete>
                <input type="hidden" name="project_id" value=move || project_id.get() />
                <input type="hidden" name="tool_id" value=move || tool_id.get() />
                <div class="dialog-actions">
                    <CancelButton dialog=DELETE node />
                    <button type="submit" class="btn btn-danger">
                        "Yes, delete it"
                    </button>
                </div>
            </ActionForm>
        </Dialog>
    }
    .into_any()
}
