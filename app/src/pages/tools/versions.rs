//! A tool's history: who changed what, and going back.

use leptos::prelude::*;
use leptos_meta::Title;

use super::super::{in_path, in_query};
use crate::{
    api::{
        UiError,
        versions::{
            FieldDifference, History, RestoreVersion, VersionRow, load_changes, load_history,
        },
    },
    components::{
        button::LinkButton,
        code_block::CodeBlock,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        form::{Form, sent_of},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};

/// The tool whose history it is.
#[derive(Clone)]
struct Of {
    project_id: String,
    tool_id: String,
}

impl Of {
    fn page(&self) -> String {
        format!("/projects/{}/tools/{}", self.project_id, self.tool_id)
    }
}

/// What a version changed, where the address asks for it.
type Shown = Option<(i64, Vec<FieldDifference>)>;

#[component]
pub fn VersionsPage() -> impl IntoView {
    let of = Of {
        project_id: in_path("project_id"),
        tool_id: in_path("tool_id"),
    };
    let asked = in_query("changes").and_then(|number| number.parse().ok());
    let history = load(of.clone(), asked);
    view! {
        <Title text="Versions of a tool" />
        <Loaded
            from=history
            show=move |(history, shown)| view! { <Versions of history shown /> }
        />
    }
    .into_any()
}

async fn load(of: Of, asked: Option<i64>) -> Result<(History, Shown), UiError> {
    let history = load_history(of.project_id.clone(), of.tool_id.clone()).await?;
    let numbers: Vec<i64> = history.versions.iter().map(|one| one.number).collect();
    let pair = numbers
        .windows(2)
        .find(|pair| Some(pair[0]) == asked)
        .map(|pair| (pair[1], pair[0]));
    let shown = match pair {
        Some((before, after)) => {
            let changes = load_changes(of.project_id, of.tool_id, before, after).await?;
            Some((after, changes))
        }
        None => None,
    };
    Ok((history, shown))
}

#[component]
fn Versions(of: Of, history: History, shown: Shown) -> impl IntoView {
    let editor = of.page();
    let numbers: Vec<i64> = history.versions.iter().map(|one| one.number).collect();
    let may_edit = history.may_edit;
    let rows = history
        .versions
        .into_iter()
        .enumerate()
        .map(|(at, version)| {
            let before = numbers.get(at + 1).copied();
            let can_restore = may_edit && at > 0;
            let changes = shown
                .as_ref()
                .filter(|(number, _)| *number == version.number)
                .map(|(_, changes)| changes.clone());
            view! { <Row of=of.clone() version before changes can_restore /> }
        })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Versions of " <span class="mono">{history.name}</span></h1>
                <p>"Each change makes one; the call log names the version that ran. The last 200 are kept."</p>
            </div>
            <LinkButton href=editor>
                "Edit the tool"
            </LinkButton>
        </div>
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

#[component]
fn Row(
    of: Of,
    version: VersionRow,
    /// The version before it, where it is kept.
    before: Option<i64>,
    /// Since then, where they were asked for.
    changes: Option<Vec<FieldDifference>>,
    can_restore: bool,
) -> impl IntoView {
    let number = version.number;
    let since = before.map(|before| {
        let title = format!("What changed since version {before}");
        match changes {
            Some(changes) => view! {
                <h3 class="small">{title}</h3>
                <Changes changes />
            }
            .into_any(),
            None => {
                let to = format!("{}/versions?changes={number}#version-{number}", of.page());
                view! {
                    <a class="small" href=to>
                        {title}
                    </a>
                }
                .into_any()
            }
        }
    });
    view! {
        <li class="row row-wrap" id=format!("version-{number}")>
            <div class="row-main">
                <div class="row-title">
                    <strong>{format!("Version {number}")}</strong>
                    <span class="quiet small">
                        <TimeAgo when=version.when />
                    </span>
                </div>
                <span class="row-sub row-sub-whole">{version.what}</span>
                {since}
            </div>
            {can_restore.then(|| view! { <Restore of number /> })}
        </li>
    }
    .into_any()
}

#[component]
fn Restore(of: Of, number: i64) -> impl IntoView {
    let restore = sent_of::<RestoreVersion>(number.to_string());
    let dialog = format!("restore-{number}");
    view! {
        <OpenButton dialog=dialog.clone() is_small=true>
            "Restore"
        </OpenButton>
        <Dialog
            id=dialog.clone()
            title=format!("Restore version {number}?")
            of=&restore
        >
            <p>
                "The tool becomes what it was then, as a new version. It stays enabled or disabled as it is now. Its secret stays too, unless that version sends it somewhere else."
            </p>
            <Form of=&restore class="stack">
                <FormFailure />
                <input type="hidden" name="project_id" value=of.project_id />
                <input type="hidden" name="tool_id" value=of.tool_id />
                <input type="hidden" name="number" value=number.to_string() />
                <ConfirmActions dialog confirm="Restore it" />
            </Form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Changes(changes: Vec<FieldDifference>) -> impl IntoView {
    if changes.is_empty() {
        return view! { <p class="quiet">"Nothing differs."</p> }.into_any();
    }
    let rows = changes
        .into_iter()
        .map(|change| {
            view! {
                <h4 class="mono">{change.field}</h4>
                <div class="two">
                    <CodeBlock label="Before" text=change.before wraps=true />
                    <CodeBlock label="After" text=change.after wraps=true />
                </div>
            }
        })
        .collect_view();
    view! { <div class="stack-tight">{rows}</div> }.into_any()
}
