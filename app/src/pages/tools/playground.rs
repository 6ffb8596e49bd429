//! The playground: a form made from a tool's schema, the request, the answer.

mod argument;
mod outcome;

use leptos::prelude::*;
use leptos_meta::Title;

use super::super::{in_path, in_query};
use crate::{
    api::playground::{Playground, TryTool, load_playground},
    components::{
        badge::Tone,
        button::{Button, ButtonKind, LinkButton},
        failure::FormFailure,
        form::{Form, sent},
        loaded::Loaded,
        notice::Notice,
    },
};
use argument::ArgumentField;
use outcome::Outcome;

#[component]
pub fn PlaygroundPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let tool_id = in_path("tool_id");
    let page = load_playground(project_id.clone(), tool_id.clone(), in_query("call"));
    view! {
        <Title text="Try a tool" />
        <Loaded from=page show=move |page| view! { <Try project_id tool_id page /> } />
    }
    .into_any()
}

#[component]
fn Try(project_id: String, tool_id: String, page: Playground) -> impl IntoView {
    let tried = sent::<TryTool>();
    let editor = format!("/projects/{project_id}/tools/{tool_id}");
    let has_arguments = !page.arguments.is_empty();
    let arguments = page.arguments;
    let fields = move || {
        arguments
            .into_iter()
            .enumerate()
            .map(|(at, argument)| view! { <ArgumentField at argument /> })
            .collect_view()
    };
    let disabled = (!page.is_enabled).then(|| {
        view! { <Notice tone=Tone::Warning>"The tool is disabled: enable it to call it."</Notice> }
    });
    let may_write = page.may_write.then(|| {
        view! {
            <Notice tone=Tone::Warning>
                "This tool is not read-only. A call is a real one, and may change something at its endpoint."
            </Notice>
        }
    });
    let outcome = match tried.value() {
        Some(tried) => view! { <Outcome tried /> }.into_any(),
        None => view! {
            <section class="card stack">
                <h2>"What happens"</h2>
                <p class="quiet">
                    "Here you see the request as it goes out, with secrets masked, and the answer as the model gets it. A call leaves a row under Calls."
                </p>
            </section>
        }
        .into_any(),
    };
    view! {
        <div class="page-head">
            <div>
                <h1>"Try " <span class="mono">{page.name}</span></h1>
                <p class="mono">{page.calls}</p>
            </div>
            <LinkButton href=editor>
                "Edit the tool"
            </LinkButton>
        </div>
        <div class="split">
            <Form of=&tried class="card stack" shows=true>
                <h2>"Arguments"</h2>
                <p class="quiet">{page.description}</p>
                {page
                    .is_again
                    .then(|| {
                        view! {
                            <p class="hint">
                                "Filled in as it was called. What was hidden as a secret is left out."
                            </p>
                        }
                    })}
                <input type="hidden" name="project_id" value=project_id />
                <input type="hidden" name="tool_id" value=tool_id />
                <FormFailure fields=&["arguments"] />
                {(!has_arguments).then(|| view! { <p class="quiet">"It takes none."</p> })}
                {fields()}
                {disabled}
                {may_write}
                <div class="cluster">
                    <Button
                        kind=ButtonKind::Primary
                        name="send"
                        value="true"
                        is_disabled=!page.may_call
                    >
                        "Call it"
                    </Button>
                    <Button name="send" value="false" is_disabled=!page.may_call>
                        "Show the request"
                    </Button>
                </div>
            </Form>
            <div class="stack" aria-live="polite">
                {outcome}
            </div>
        </div>
    }
    .into_any()
}
