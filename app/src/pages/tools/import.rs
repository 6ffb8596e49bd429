//! Tools from an OpenAPI document: where it is, what it has, which of it.

mod looked_at;
mod plan;
mod source;

use leptos::prelude::*;
use leptos_meta::Title;

use super::super::in_path;
use crate::{
    api::{
        UiError,
        tool_sources::{ImportDone, ImportPlan, ImportTools, PlanImport, plan_import, vault_names},
    },
    components::{
        badge::Tone,
        failure::FormFailure,
        form::{SentForm, sent},
        loaded::Loaded,
        notice::Notice,
    },
};
use looked_at::LookedAt;
use plan::Plan;
use source::Source;

#[component]
pub fn ImportPage() -> impl IntoView {
    let project_id = in_path("project_id");
    let loaded = load(project_id.clone(), Stage::now());
    view! {
        <Title text="Import an OpenAPI document" />
        <div class="page-head">
            <div>
                <h1>"Import an OpenAPI document"</h1>
                <p>
                    "OpenAPI 3.0 or 3.1, JSON or YAML. You see what it would make before anything changes; import it again later to see what is new. "
                    <a href="/docs/custom-tools#openapi">"How operations become tools"</a>
                </p>
            </div>
        </div>
        <Loaded
            from=loaded
            show=move |(vault, stage)| view! { <Import project_id vault stage /> }
        />
    }
    .into_any()
}

/// How far an import is, by what the page answers.
enum Stage {
    /// Nothing was looked at.
    Begins,
    LookedAt(LookedAt, Box<ImportPlan>),
    /// What was looked at was not imported: it is looked at again, to go on.
    Refused(LookedAt),
    Done(ImportDone),
}

impl Stage {
    fn now() -> Self {
        let (plan, import) = (sent::<PlanImport>(), sent::<ImportTools>());
        if let Some(done) = import.value() {
            return Self::Done(done);
        }
        if import.error().is_some() {
            return Self::Refused(LookedAt::with_ticks(&SentForm::from(&import)));
        }
        match plan.value() {
            Some(it) => Self::LookedAt(LookedAt::by(&SentForm::from(&plan)), Box::new(it)),
            None => Self::Begins,
        }
    }
}

async fn load(project_id: String, stage: Stage) -> Result<(Vec<String>, Stage), UiError> {
    let vault = vault_names(project_id.clone()).await?;
    let stage = match stage {
        Stage::Refused(looked_at) => match plan_import(project_id, looked_at.form()).await {
            Ok(plan) => Stage::LookedAt(looked_at, Box::new(plan)),
            Err(_) => Stage::Refused(looked_at),
        },
        other => other,
    };
    Ok((vault, stage))
}

#[component]
fn Import(project_id: String, vault: Vec<String>, stage: Stage) -> impl IntoView {
    let import = sent::<ImportTools>();
    let tools = format!("/projects/{project_id}/tools");
    let form = match &stage {
        Stage::LookedAt(looked_at, _) | Stage::Refused(looked_at) => looked_at.form(),
        Stage::Begins | Stage::Done(_) => Default::default(),
    };
    let then = match stage {
        Stage::Begins => ().into_any(),
        Stage::LookedAt(looked_at, plan) => {
            view! { <Plan project_id=project_id.clone() looked_at plan=*plan /> }.into_any()
        }
        Stage::Refused(_) => view! { <FormFailure of=&import /> }.into_any(),
        Stage::Done(done) => view! { <Done done tools /> }.into_any(),
    };
    view! {
        <div class="stack">
            <Source project_id vault form />
            {then}
        </div>
    }
    .into_any()
}

#[component]
fn Done(done: ImportDone, tools: String) -> impl IntoView {
    view! {
        <section class="card stack" aria-label="What the document has">
            <Notice tone=Tone::Good is_status=true>
                {format!(
                    "Done: {} added, {} updated, {} unchanged. ",
                    done.created,
                    done.updated,
                    done.unchanged,
                )}
                <a href=tools>"See the tools"</a>
            </Notice>
        </section>
    }
    .into_any()
}
