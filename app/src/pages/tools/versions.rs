//! A tool's history: who changed what, and going back.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;

use super::super::path_param;
use crate::{
    api::versions::{
        FieldDifference, History, RestoreVersion, VersionRow, load_changes, load_history,
    },
    components::{
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::{FormFailure, error_of},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};

#[component]
pub fn VersionsPage() -> impl IntoView {
    let project_id = path_param("project_id");
    let tool_id = path_param("tool_id");
    let restore = ServerAction::<RestoreVersion>::new();
    let history = Resource::new(
        move || (project_id.get(), tool_id.get(), restore.version().get()),
        |(project_id, tool_id, _)| load_history(project_id, tool_id),
    );
    view! {
        <Title text="Versions of a tool" />
        <FormFailure error=error_of(restore.value()) fields=&[] />
        <Loaded
            from=history
            show=move |history| view! { <Versions project_id tool_id history restore /> }
        />
    }
    .into_any()
}

#[component]
fn Versions(
    project_id: Memo<String>,
    tool_id: Memo<String>,
    history: History,
    restore: ServerAction<RestoreVersion>,
) -> impl IntoView {
    let editor = move || format!("/projects/{}/tools/{}", project_id.get(), tool_id.get());
    let numbers: Vec<i64> = history.versions.iter().map(|one| one.number).collect();
    let may_edit = history.may_edit;
    let rows = history
        .versions
        .into_iter()
        .enumerate()
        .map(|(at, version)| {
            let before = numbers.get(at + 1).copied();
            let can_restore = may_edit && at > 0;
            view! { <Row project_id tool_id version before can_restore restore /> }
        })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Versions of " <span class="mono">{history.name}</span></h1>
                <p>"Each change makes one; the call log names the version that ran. The last 200 are kept."</p>
            </div>
            <a class="btn" href=editor>
                "Edit the tool"
            </a>
        </div>
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

#[component]
fn Row(
    project_id: Memo<String>,
    tool_id: Memo<String>,
    version: VersionRow,
    /// The version before it, where it is kept.
    before: Option<i64>,
    can_restore: bool,
    restore: ServerAction<RestoreVersion>,
) -> impl IntoView {
    let number = version.number;
    let is_open = RwSignal::new(false);
    let node = NodeRef::<html::Dialog>::new();
    let dialog = format!("restore-{number}");
    let changes = Resource::new(
        move || (project_id.get(), tool_id.get(), is_open.get()),
        move |(project_id, tool_id, is_open)| async move {
            match (is_open, before) {
                (true, Some(before)) => load_changes(project_id, tool_id, before, number)
                    .await
                    .map(Some),
                _ => Ok(None),
            }
        },
    );
    let shown = before.map(|before| {
        view! {
            <details class="fold" on:toggle:target=move |event| is_open.set(event.target().open())>
                <summary>{format!("What changed since version {before}")}</summary>
                <div class="fold-body">
                    <Loaded from=changes show=shown_changes />
                </div>
            </details>
        }
    });
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <strong>{format!("Version {number}")}</strong>
                    <span class="quiet small">
                        <TimeAgo when=version.when />
                    </span>
                </div>
                <span class="row-sub row-sub-whole">{version.what}</span>
                {shown}
            </div>
            {can_restore
                .then(|| {
                    view! {
                        <OpenButton dialog=dialog.clone() node class="btn btn-small">
                            "Restore"
                        </OpenButton>
                        <Dialog id=dialog.clone() title=format!("Restore version {number}?") node>
                            <p>
                                "The tool becomes what it was then, as a new version. It stays enabled or disabled as it is now. Its secret stays too, unless that version sends it somewhere else."
                            </p>
                            <ActionForm action=restore>
                                <input type="hidden" name="project_id" value=move || project_id.get() />
                                <input type="hidden" name="tool_id" value=move || tool_id.get() />
                                <input type="hidden" name="number" value=number />
                                <ConfirmActions dialog=dialog.clone() node confirm="Restore it" />
                            </ActionForm>
                        </Dialog>
                    }
                })}
        </li>
    }
    .into_any()
}

fn shown_changes(changes: Option<Vec<FieldDifference>>) -> impl IntoView {
    changes.map(|changes| view! { <Changes changes /> })
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
                    <pre class="code code-wrap" tabindex="0" aria-label="Before">{change.before}</pre>
                    <pre class="code code-wrap" tabindex="0" aria-label="After">{change.after}</pre>
                </div>
            }
        })
        .collect_view();
    view! { <div class="stack-tight">{rows}</div> }.into_any()
}
