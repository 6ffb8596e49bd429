//! The playground: a form made from a tool's schema, the request, the answer.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use super::super::path_param;
use crate::{
    api::playground::{
        Answer, Argument, ArgumentKind, Playground, Tried, TryTool, load_playground,
    },
    browser,
    components::{
        failure::{FormFailure, error_of},
        field::inside_textarea,
        loaded::Loaded,
    },
};

#[component]
pub fn PlaygroundPage() -> impl IntoView {
    let project_id = path_param("project_id");
    let tool_id = path_param("tool_id");
    let page = Resource::new(
        move || (project_id.get(), tool_id.get()),
        |(project_id, tool_id)| load_playground(project_id, tool_id),
    );
    view! {
        <Title text="Try a tool" />
        <Loaded
            from=page
            show=move |page| view! { <Try project_id tool_id page /> }
        />
    }
    .into_any()
}

#[component]
fn Try(project_id: Memo<String>, tool_id: Memo<String>, page: Playground) -> impl IntoView {
    let action = ServerAction::<TryTool>::new();
    let error = error_of(action.value());
    // Without the wasm a call would be made, and its answer be lost.
    let is_ready = browser::arrived();
    let tried = move || {
        action
            .value()
            .with(|value| value.as_ref()?.as_ref().ok().cloned())
    };
    let editor = move || format!("/projects/{}/tools/{}", project_id.get(), tool_id.get());
    let has_arguments = !page.arguments.is_empty();
    let fields = page
        .arguments
        .into_iter()
        .enumerate()
        .map(|(at, argument)| view! { <ArgumentField at argument /> })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Try " <span class="mono">{page.name}</span></h1>
                <p class="mono">{page.calls}</p>
            </div>
            <a class="btn" href=editor>
                "Edit the tool"
            </a>
        </div>
        <div class="split">
            <ActionForm action attr:class="card stack">
                <h2>"Arguments"</h2>
                <p class="quiet">{page.description}</p>
                <input type="hidden" name="project_id" value=move || project_id.get() />
                <input type="hidden" name="tool_id" value=move || tool_id.get() />
                <FormFailure error fields=&[] />
                {(!has_arguments).then(|| view! { <p class="quiet">"It takes none."</p> })}
                {fields}
                {(!page.is_enabled)
                    .then(|| {
                        view! {
                            <div class="notice notice-warn">
                                "The tool is disabled: enable it to call it."
                            </div>
                        }
                    })}
                {page
                    .may_write
                    .then(|| {
                        view! {
                            <div class="notice notice-warn">
                                "This tool is not read-only. A call is a real one, and may change something at its endpoint."
                            </div>
                        }
                    })}
                <div class="cluster">
                    <button
                        type="submit"
                        name="send"
                        value="true"
                        class="btn btn-primary"
                        disabled=move || !is_ready.get() || !page.may_call || action.pending().get()
                    >
                        {move || if action.pending().get() { "Calling…" } else { "Call it" }}
                    </button>
                    <button
                        type="submit"
                        name="send"
                        value="false"
                        class="btn"
                        disabled=move || !is_ready.get() || !page.may_call || action.pending().get()
                    >
                        "Show the request"
                    </button>
                </div>
            </ActionForm>
            <div class="stack" aria-live="polite">
                {move || match tried() {
                    Some(tried) => view! { <Outcome tried /> }.into_any(),
                    None => {
                        view! {
                            <section class="card stack">
                                <h2>"What happens"</h2>
                                <p class="quiet">
                                    "Here you see the request as it goes out, with secrets masked, and the answer as the model gets it. A call leaves a row under Calls."
                                </p>
                            </section>
                        }
                            .into_any()
                    }
                }}
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn ArgumentField(at: usize, argument: Argument) -> impl IntoView {
    let id = format!("argument-{at}");
    let hint_id = format!("{id}-hint");
    let name = format!("arguments[{at}][value]");
    let Argument {
        name: label,
        kind,
        description,
        is_required,
        value,
    } = argument;
    let control = match kind {
        ArgumentKind::Text => {
            view! {
                <textarea id=id.clone() class="input input-line" name=name rows="1" required=is_required aria-describedby=hint_id.clone()>
                    {inside_textarea(value)}
                </textarea>
            }
            .into_any()
        }
        ArgumentKind::Number => {
            view! { <input id=id.clone() class="input" name=name inputmode="decimal" autocomplete="off" value=value required=is_required aria-describedby=hint_id.clone() /> }
                .into_any()
        }
        ArgumentKind::YesOrNo => {
            view! { <Pick id=id.clone() name value options=vec!["true".to_owned(), "false".to_owned()] /> }
                .into_any()
        }
        ArgumentKind::OneOf(options) => {
            view! { <Pick id=id.clone() name value options /> }.into_any()
        }
        ArgumentKind::Json => {
            view! {
                <textarea id=id.clone() class="input input-code" name=name rows="4" spellcheck="false" required=is_required aria-describedby=hint_id.clone()>
                    {inside_textarea(value)}
                </textarea>
            }
            .into_any()
        }
    };
    view! {
        <div class="field">
            <label for=id class="mono">
                {label.clone()}
                {(!is_required).then(|| view! { <span class="quiet">" optional"</span> })}
            </label>
            <input type="hidden" name=format!("arguments[{at}][name]") value=label />
            {control}
            <span class="hint" id=hint_id>
                {description}
            </span>
        </div>
    }
    .into_any()
}

#[component]
fn Pick(id: String, name: String, value: String, options: Vec<String>) -> impl IntoView {
    let options = options
        .into_iter()
        .map(|option| {
            let selected = option == value;
            view! {
                <option value=option.clone() selected=selected>
                    {option.trim_matches('"').to_owned()}
                </option>
            }
        })
        .collect_view();
    view! {
        <select id=id class="input" name=name>
            <option value="">"(left out)"</option>
            {options}
        </select>
    }
    .into_any()
}

#[component]
fn Outcome(tried: Tried) -> impl IntoView {
    view! {
        {tried.answer.map(|answer| view! { <Shown answer /> })}
        <section class="card stack">
            <h2>"The request"</h2>
            {match tried.request {
                Ok(request) => view! { <pre class="code code-wrap" tabindex="0">{request}</pre> }.into_any(),
                Err(why) => view! { <div class="notice notice-bad pre-line">{why}</div> }.into_any(),
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Shown(answer: Answer) -> impl IntoView {
    let badge = if answer.is_ok {
        "badge badge-ok"
    } else {
        "badge badge-bad"
    };
    view! {
        <section class="card stack">
            <div class="cluster">
                <h2>"The answer"</h2>
                <span class=badge>{answer.outcome}</span>
                {answer.http_status.map(|status| view! { <span class="badge">{status}</span> })}
            </div>
            <p class="quiet small">
                {answer.time} " · " {answer.size} " · request " <span class="mono">{answer.request_id}</span>
            </p>
            <h3>"What the model sees"</h3>
            <pre class="code code-wrap" tabindex="0">{answer.text}</pre>
            {answer
                .structured
                .map(|structured| {
                    view! {
                        <details class="fold">
                            <summary>"As structured content"</summary>
                            <div class="fold-body">
                                <pre class="code code-wrap" tabindex="0">{structured}</pre>
                            </div>
                        </details>
                    }
                })}
        </section>
    }
    .into_any()
}
