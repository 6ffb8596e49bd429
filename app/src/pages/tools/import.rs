//! Tools from an OpenAPI document: where it is, what it has, which of it.

use std::collections::BTreeSet;

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use super::super::path_param;
use crate::{
    api::tool_sources::{
        ImportForm, ImportPlan, ImportTools, PlanImport, PlannedRow, RowChange, vault_names,
    },
    browser,
    components::{
        failure::{FormFailure, error_of, problems_of},
        field::{AreaField, CheckField, PickField, TextField},
        loaded::Loaded,
    },
    counted::counted,
};

/// The fields that show their own problems.
const FIELDS: &[&str] = &["url", "document", "server", "select", "username", "secret"];

#[component]
pub fn ImportPage() -> impl IntoView {
    let project_id = path_param("project_id");
    let vault = Resource::new(move || project_id.get(), vault_names);
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
        <Loaded from=vault show=move |vault| view! { <Import project_id vault /> } />
    }
    .into_any()
}

#[component]
fn Import(project_id: Memo<String>, vault: Vec<String>) -> impl IntoView {
    let plan = ServerAction::<PlanImport>::new();
    let import = ServerAction::<ImportTools>::new();
    let error = error_of(plan.value());
    let problems = problems_of(error);
    // What was looked at is what is imported, whatever is typed meanwhile.
    let looked_at = StoredValue::new(ImportForm::default());
    Effect::new(move |_| {
        if let Some(input) = plan.input().get() {
            looked_at.set_value(input.form);
            import.clear();
        }
    });
    let is_ready = browser::arrived();
    let planned = move || {
        plan.value()
            .with(|value| value.as_ref()?.as_ref().ok().cloned())
    };
    let options = std::iter::once((String::new(), "None".to_owned()))
        .chain(vault.into_iter().map(|name| (name.clone(), name)))
        .collect::<Vec<_>>();
    view! {
        <div class="stack">
        <ActionForm action=plan attr:class="card stack">
            <input type="hidden" name="project_id" value=move || project_id.get() />
            <FormFailure error fields=FIELDS />
            <TextField
                label="URL of the document"
                field="url"
                name="form[url]"
                placeholder="https://api.example.com/openapi.json"
                is_code=true
                problems
            />
            <div class="field">
                <label for="document-file">"Or a file"</label>
                <input
                    id="document-file"
                    type="file"
                    accept=".json,.yaml,.yml,application/json,application/yaml"
                    on:change:target=move |event| browser::read_file(event.target(), "document")
                />
            </div>
            <AreaField
                label="Or the document itself"
                field="document"
                name="form[document]"
                rows=6
                placeholder="openapi: 3.1.0"
                is_code=true
                problems
            />
            <details class="fold">
                <summary>
                    "Server, secret and selection"
                    <span class="hint">"where the API is, and what it asks for"</span>
                </summary>
                <div class="fold-body">
                    <TextField
                        label="Server"
                        field="server"
                        name="form[server]"
                        placeholder="https://api.example.com/v1"
                        hint="Where the document does not say, or says something else."
                        is_code=true
                        problems
                    />
                    <PickField
                        label="Secret of the vault"
                        field="secret_name"
                        name="form[secret_name]"
                        value=String::new()
                        options=options
                        hint="An OAuth 2 client of the vault serves operations with a bearer token."
                    />
                    <div class="two">
                        <TextField
                            label="Or a secret"
                            field="secret"
                            name="form[secret]"
                            kind="password"
                            hint="Goes into each tool that needs one, at one server only."
                            problems
                        />
                        <TextField
                            label="User name"
                            field="username"
                            name="form[username]"
                            hint="For Basic authentication."
                            problems
                        />
                    </div>
                    <AreaField
                        label="Only these operations"
                        field="select"
                        name="form[select]"
                        rows=2
                        placeholder="GET /v1/contacts*"
                        hint="A pattern a line: an operation’s id, a tag, or METHOD /path; * is any text. Empty: all, up to 2,000."
                        is_code=true
                        problems
                    />
                    <CheckField
                        label="Overwrite tools of the same name that call something else"
                        field="overwrite"
                        name="form[overwrite]"
                        is_checked=false
                    />
                </div>
            </details>
            <div class="cluster">
                <button
                    type="submit"
                    class="btn btn-primary"
                    disabled=move || !is_ready.get() || plan.pending().get()
                >
                    {move || if plan.pending().get() { "Reading…" } else { "Show what it has" }}
                </button>
            </div>
        </ActionForm>
        {move || {
            planned().map(|plan| view! { <Plan project_id plan looked_at import /> })
        }}
        </div>
    }
    .into_any()
}

/// Operations up to which all that is new is ticked.
const MOST_TICKED: usize = 40;

#[component]
fn Plan(
    project_id: Memo<String>,
    plan: ImportPlan,
    looked_at: StoredValue<ImportForm>,
    import: ServerAction<ImportTools>,
) -> impl IntoView {
    let new = plan
        .tools
        .iter()
        .filter(|row| row.change != RowChange::Unchanged);
    // Of a large document nobody wants all.
    let most = if new.clone().count() > MOST_TICKED {
        0
    } else {
        MOST_TICKED
    };
    let new = new.take(most);
    let ticked = RwSignal::new(
        new.map(|row| row.operation.clone())
            .collect::<BTreeSet<_>>(),
    );
    let all: Vec<String> = plan.tools.iter().map(|row| row.operation.clone()).collect();
    let total = all.len();
    let filter = RwSignal::new(String::new());
    let error = error_of(import.value());
    let done = move || {
        import
            .value()
            .with(|value| value.as_ref()?.as_ref().ok().cloned())
    };
    let tools = move || format!("/projects/{}/tools", project_id.get());
    let digest = StoredValue::new(plan.digest);
    let lacking = (plan.lacking_secrets > 0).then(|| {
        view! {
            <div class="notice notice-warn">
                {format!(
                    "{} a secret: give it above, under “Server, secret and selection”, and look again before you import them.",
                    counted(plan.lacking_secrets, "tool lacks", "tools lack"),
                )}
            </div>
        }
    });
    let summary = format!(
        "{} of {} can be tools.",
        total,
        counted(plan.operations, "operation", "operations")
    );
    let rows = plan
        .tools
        .into_iter()
        .map(|row| view! { <PlannedItem row ticked filter /> })
        .collect_view();
    let refused = plan.refused.len();
    let refused_rows = plan
        .refused
        .into_iter()
        .map(|(operation, reason)| {
            view! {
                <li class="row">
                    <div class="row-main">
                        <span class="row-title mono">{operation}</span>
                        <span class="row-sub">{reason}</span>
                    </div>
                </li>
            }
        })
        .collect_view();
    let gone = (!plan.gone.is_empty()).then(|| {
        view! {
            <div class="notice notice-warn">
                {format!(
                    "At this server, and not in the document: {}. They stay until you delete them.",
                    plan.gone.join(", "),
                )}
            </div>
        }
    });
    view! {
        <section class="card stack" aria-label="What the document has">
            <div class="cluster">
                <h2>{summary}</h2>
                <button type="button" class="btn btn-small" on:click=move |_| ticked.set(all.iter().cloned().collect())>
                    "Tick all"
                </button>
                <button type="button" class="btn btn-small" on:click=move |_| ticked.set(BTreeSet::new())>
                    "Tick none"
                </button>
            </div>
            {lacking}
            {gone}
            <input
                class="input"
                type="search"
                placeholder="Filter by name or path"
                aria-label="Filter the operations"
                on:input:target=move |event| filter.set(event.target().value().to_lowercase())
            />
            <ul class="rows rows-scroll">{rows}</ul>
            {(refused > 0)
                .then(|| {
                    view! {
                        <details class="fold">
                            <summary>
                                {format!("{} cannot, and why", counted(refused, "operation", "operations"))}
                            </summary>
                            <div class="fold-body">
                                <ul class="rows rows-scroll">{refused_rows}</ul>
                            </div>
                        </details>
                    }
                })}
            <FormFailure error fields=&[] />
            {move || match done() {
                Some(done) => {
                    view! {
                        <div class="notice notice-ok" role="status">
                            {format!(
                                "Done: {} added, {} updated, {} unchanged. ",
                                done.created,
                                done.updated,
                                done.unchanged,
                            )}
                            <a href=tools>"See the tools"</a>
                        </div>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <div class="cluster">
                            <button
                                type="button"
                                class="btn btn-primary"
                                disabled=move || import.pending().get() || ticked.with(BTreeSet::is_empty)
                                on:click=move |_| {
                                    import
                                        .dispatch(ImportTools {
                                            project_id: project_id.get_untracked(),
                                            form: ImportForm {
                                                digest: digest.get_value(),
                                                ..looked_at.get_value()
                                            },
                                            operations: ticked.get_untracked().into_iter().collect(),
                                        });
                                }
                            >
                                {move || {
                                    let number = ticked.with(BTreeSet::len);
                                    format!("Import {}", counted(number, "tool", "tools"))
                                }}
                            </button>
                        </div>
                    }
                        .into_any()
                }
            }}
        </section>
    }
    .into_any()
}

#[component]
fn PlannedItem(
    row: PlannedRow,
    ticked: RwSignal<BTreeSet<String>>,
    filter: RwSignal<String>,
) -> impl IntoView {
    let found = format!("{} {}", row.operation, row.name).to_lowercase();
    let is_hidden = move || filter.with(|filter| !found.contains(filter.as_str()));
    let (operation, in_set) = (row.operation.clone(), row.operation.clone());
    let what = match row.change {
        RowChange::Added => ("badge badge-ok", "new".to_owned()),
        RowChange::Changed(fields) => (
            "badge badge-warn",
            format!("changes: {}", fields.join(", ")),
        ),
        RowChange::Unchanged => ("badge", "unchanged".to_owned()),
    };
    let left_out = row.left_out.join(" ");
    view! {
        <li class="row" hidden=is_hidden>
            <label class="row-main check">
                <input
                    type="checkbox"
                    prop:checked=move || ticked.with(|ticked| ticked.contains(&in_set))
                    on:change:target=move |event| {
                        let operation = operation.clone();
                        ticked
                            .update(|ticked| {
                                if event.target().checked() {
                                    ticked.insert(operation);
                                } else {
                                    ticked.remove(&operation);
                                }
                            });
                    }
                />
                <span class="row-main">
                    <span class="row-title">
                        <span class="mono">{row.name}</span>
                        <span class=what.0>{what.1}</span>
                    </span>
                    <span class="row-sub mono">{row.calls} " · " {row.auth}</span>
                    {(!left_out.is_empty())
                        .then(|| view! { <span class="row-sub">"Leaves out: " {left_out}</span> })}
                </span>
            </label>
        </li>
    }
    .into_any()
}
