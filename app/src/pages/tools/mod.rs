//! A project's tools, each with its switch.

pub mod catalog;
pub mod curl;
pub mod editor;
pub mod import;
pub mod playground;
pub mod versions;

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;
use leptos_router::components::Form;

use super::path_param;
use crate::{
    api::{
        UiError,
        lint::{LintProject, ProjectLint},
        tools::{AddSampleTools, SetToolEnabled, ToolList, ToolRow, list_tools},
    },
    components::{
        failure::{FormFailure, error_of},
        findings::Findings,
        loaded::Loaded,
        switch::SwitchButton,
    },
};

#[component]
pub fn ToolsPage() -> impl IntoView {
    let project_id = path_param("project_id");
    let add_samples = ServerAction::<AddSampleTools>::new();
    let tools = Resource::new(
        move || (project_id.get(), add_samples.version().get()),
        |(project_id, _)| list_tools(project_id),
    );
    let samples_error = error_of(add_samples.value());
    // What a switch could not do; the switch itself is back where it was.
    let undone = RwSignal::new(None::<UiError>);
    view! {
        <Title text="Tools" />
        <div class="stack">
            <FormFailure error=samples_error fields=&[] />
            <FormFailure error=undone fields=&[] />
            <Loaded
                from=tools
                show=move |list: ToolList| {
                    if list.tools.is_empty() {
                        view! { <NoTools project_id add_samples may_edit=list.may_edit /> }.into_any()
                    } else {
                        view! { <ToolRows project_id list undone /> }.into_any()
                    }
                }
            />
        </div>
    }
    .into_any()
}

/// The ways in besides the form.
#[component]
fn WaysIn(project_id: Memo<String>) -> impl IntoView {
    let to =
        move |page: &'static str| move || format!("/projects/{}/tools/{page}", project_id.get());
    view! {
        <a class="btn" href=to("import")>"Import OpenAPI"</a>
        <a class="btn" href=to("curl")>"Paste a curl command"</a>
        <a class="btn" href=to("catalog")>"Starter catalog"</a>
    }
    .into_any()
}

/// A plain GET form, so that it is a button in looks and role and works before the wasm arrives.
#[component]
fn RegisterButton(project_id: Memo<String>) -> impl IntoView {
    view! {
        <Form method="GET" action=move || format!("/projects/{}/tools/new", project_id.get())>
            <button type="submit" class="btn btn-primary">
                "Register tool"
            </button>
        </Form>
    }
}

#[component]
fn NoTools(
    project_id: Memo<String>,
    add_samples: ServerAction<AddSampleTools>,
    may_edit: bool,
) -> impl IntoView {
    view! {
        <h1 class="sr-only">"Tools"</h1>
        <div class="empty">
            <h2>"No tools yet"</h2>
            <p>
                "A tool is an HTTP endpoint of yours, described so that Claude knows when and how to call it. The sample tools answer from this server: with them you see the whole way work before you register your own."
            </p>
            {may_edit
                .then(|| {
                    view! {
                        <div class="cluster">
                            <ActionForm action=add_samples>
                                <input type="hidden" name="project_id" value=move || project_id.get() />
                                <button
                                    type="submit"
                                    class="btn"
                                    disabled=move || add_samples.pending().get()
                                >
                                    "Add sample tools"
                                </button>
                            </ActionForm>
                            <WaysIn project_id />
                            <RegisterButton project_id />
                        </div>
                    }
                })}
            <p>
                <a href="/docs/custom-tools">"How a tool is described"</a>
            </p>
        </div>
    }
    .into_any()
}

#[component]
fn ToolRows(
    project_id: Memo<String>,
    list: ToolList,
    undone: RwSignal<Option<UiError>>,
) -> impl IntoView {
    let may_edit = list.may_edit;
    let lint = RwSignal::new(None);
    let rows = list
        .tools
        .into_iter()
        .map(|tool| view! { <Row project_id tool may_edit undone lint /> })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Tools"</h1>
                <p>"Claude sees the enabled ones, from its next request on."</p>
            </div>
            {may_edit
                .then(|| {
                    view! {
                        <div class="cluster">
                            <WaysIn project_id />
                            <RegisterButton project_id />
                        </div>
                    }
                })}
        </div>
        <Cost project_id lint />
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

/// What the tools cost a model that knows of them all, and what concerns them all.
#[component]
fn Cost(project_id: Memo<String>, lint: RwSignal<Option<ProjectLint>>) -> impl IntoView {
    // Asked for by the browser when the page is there: a page of a thousand tools waits for none of
    // it.
    let ask = ServerAction::<LintProject>::new();
    Effect::new(move |_| {
        ask.dispatch(LintProject {
            project_id: project_id.get(),
        });
    });
    Effect::new(move |_| {
        if let Some(Ok(report)) = ask.value().get() {
            lint.set(Some(report));
        }
    });
    let shown = move |report: ProjectLint| {
        let findings =
            (!report.findings.is_empty()).then(|| view! { <Findings findings=report.findings /> });
        view! {
            <p class="quiet small">
                {format!(
                    "Together about {} tokens for a model that knows of them all (an estimate by {}).",
                    report.tokens,
                    report.tokenizer,
                )}
            </p>
            {findings}
        }
    };
    view! { <div>{move || lint.get().map(shown)}</div> }.into_any()
}

/// What the lint says of a tool, as soon as it is known.
fn about(lint: RwSignal<Option<ProjectLint>>, name: &str) -> Option<(usize, u64)> {
    lint.with(|lint| {
        let tools = &lint.as_ref()?.tools;
        let found = tools.iter().find(|(known, ..)| known == name);
        found.map(|(_, findings, tokens)| (*findings, *tokens))
    })
}

#[component]
fn Row(
    project_id: Memo<String>,
    tool: ToolRow,
    may_edit: bool,
    undone: RwSignal<Option<UiError>>,
    lint: RwSignal<Option<ProjectLint>>,
) -> impl IntoView {
    let id = tool.id.clone();
    let name = tool.name.clone();
    let mends = move || {
        about(lint, &name).map(|(findings, tokens)| {
            let to_mend = (findings > 0).then(|| {
                view! { <span class="badge badge-warn">{format!("{findings} to mend")}</span> }
            });
            view! {
                {to_mend}
                <span class="quiet small">{format!("≈ {tokens} tokens")}</span>
            }
        })
    };
    let try_it = {
        let id = id.clone();
        move || format!("/projects/{}/tools/{id}/try", project_id.get())
    };
    let page = move || format!("/projects/{}/tools/{id}", project_id.get());
    view! {
        <li class="row">
            <div class="row-main">
                <div class="row-title">
                    <a class="mono" href=page>
                        {tool.name.clone()}
                    </a>
                    <span class="quiet">{tool.title.clone()}</span>
                    {tool.is_read_only.then(|| view! { <span class="badge">"read-only"</span> })}
                    {mends}
                </div>
                <span class="row-sub mono">
                    <span class="method">{tool.method.clone()}</span>
                    {tool.url.clone()}
                </span>
            </div>
            <a class="btn btn-small" href=try_it>
                "Try it"
            </a>
            <Switch project_id tool may_edit undone />
        </li>
    }
    .into_any()
}

/// Shows the wish at once; if the server says no, goes back and says why.
#[component]
fn Switch(
    project_id: Memo<String>,
    tool: ToolRow,
    may_edit: bool,
    undone: RwSignal<Option<UiError>>,
) -> impl IntoView {
    let set = ServerAction::<SetToolEnabled>::new();
    let saved = RwSignal::new(tool.is_enabled);
    Effect::new(move |_| match set.value().get() {
        Some(Ok(is_enabled)) => {
            saved.set(is_enabled);
            undone.set(None);
        }
        Some(Err(error)) => undone.set(Some(error)),
        None => {}
    });
    let is_on = Memo::new(move |_| {
        let wished = set
            .input()
            .with(|input| input.as_ref().map(|input| input.is_enabled));
        wished.unwrap_or_else(|| saved.get())
    });
    view! {
        <ActionForm action=set>
            <input type="hidden" name="project_id" value=move || project_id.get() />
            <input type="hidden" name="tool_id" value=tool.id />
            <input type="hidden" name="is_enabled" value=move || (!is_on.get()).to_string() />
            <SwitchButton label=format!("Enable {}", tool.name) is_on is_disabled=!may_edit />
        </ActionForm>
    }
    .into_any()
}
