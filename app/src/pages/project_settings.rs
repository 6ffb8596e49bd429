//! What a project is called, what it asks of its members, whose it is, and its end.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;

use super::{members::ends::What, path_param};
use crate::{
    api::{
        audit::project_audit,
        members::{
            LeaveProject, MemberList, MemberRow, RequireSecondFactor, TransferProject, list_members,
        },
        projects::{DeleteProject, ProjectEnd, RenameProject, load_project_end},
    },
    components::{
        audit::AuditRows,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::{FormFailure, error_of, problems_of},
        field::{PickField, TextField},
        loaded::Loaded,
        switch::SwitchButton,
    },
    counted::counted,
    pages::query_param,
};

const DELETE: &str = "delete-project";
const LEAVE: &str = "leave-project";
const TRANSFER: &str = "transfer-project";

#[component]
pub fn ProjectSettingsPage() -> impl IntoView {
    let project_id = path_param("project_id");
    let rename = ServerAction::<RenameProject>::new();
    let require = ServerAction::<RequireSecondFactor>::new();
    let loaded = Resource::new(
        move || {
            (
                project_id.get(),
                rename.version().get(),
                require.version().get(),
            )
        },
        |(project_id, ..)| async move {
            let end = load_project_end(project_id.clone()).await?;
            let members = list_members(project_id).await?;
            Ok((end, members))
        },
    );
    view! {
        <Title text="Settings" />
        <h1 class="sr-only">"Settings"</h1>
        <div class="stack">
            <Loaded
                from=loaded
                show=move |(end, members)| {
                    view! { <Settings project_id rename require end members /> }
                }
            />
        </div>
    }
    .into_any()
}

#[component]
fn Settings(
    project_id: Memo<String>,
    rename: ServerAction<RenameProject>,
    require: ServerAction<RequireSecondFactor>,
    end: ProjectEnd,
    members: MemberList,
) -> impl IntoView {
    let is_owner = end.is_owner;
    let sees_log = members.invitations.is_some();
    view! {
        {is_owner.then(|| view! { <Name project_id rename name=end.name.clone() /> })}
        {is_owner
            .then(|| {
                view! { <Asked project_id require is_on=members.requires_second_factor /> }
            })}
        <section class="card stack" aria-labelledby="whose">
            <h2 id="whose">"Ownership"</h2>
            {is_owner.then(|| view! { <Transfer project_id members=members.clone() /> })}
            <Leave project_id members />
            {is_owner.then(|| view! { <Delete project_id end /> })}
        </section>
        {sees_log.then(|| view! { <Log project_id /> })}
    }
    .into_any()
}

#[component]
fn Name(
    project_id: Memo<String>,
    rename: ServerAction<RenameProject>,
    name: String,
) -> impl IntoView {
    let error = error_of(rename.value());
    view! {
        <section class="card stack" aria-labelledby="name-heading">
            <h2 id="name-heading">"Name"</h2>
            <ActionForm action=rename attr:class="stack">
                <input type="hidden" name="project_id" value=project_id.get_untracked() />
                <FormFailure error fields=&["name"] />
                <TextField
                    label="Project name"
                    field="name"
                    value=name
                    problems=problems_of(error)
                />
                <div>
                    <button type="submit" class="btn" disabled=move || rename.pending().get()>
                        "Rename"
                    </button>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}

#[component]
fn Asked(
    project_id: Memo<String>,
    require: ServerAction<RequireSecondFactor>,
    is_on: bool,
) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="asked">
            <div class="setting-head">
                <h2 id="asked">"Require a second factor"</h2>
                <ActionForm action=require>
                    <input type="hidden" name="project_id" value=project_id.get_untracked() />
                    <input type="hidden" name="is_on" value=(!is_on).to_string() />
                    <SwitchButton label="Require a second factor" is_on=Signal::stored(is_on) />
                </ActionForm>
            </div>
            <p class="quiet">
                "The project is open only to members with a passkey or an authenticator app. Others keep their place, and get in once they have added one. Connections that people approved go on."
            </p>
            <FormFailure error=error_of(require.value()) fields=&[] />
        </section>
    }
    .into_any()
}

#[component]
fn Transfer(project_id: Memo<String>, members: MemberList) -> impl IntoView {
    let action = ServerAction::<TransferProject>::new();
    let node = NodeRef::<html::Dialog>::new();
    let others: Vec<(String, String)> = members
        .members
        .into_iter()
        .filter(|member| !member.is_me && member.is_enabled)
        .map(|member| (member.user_id, member.email))
        .collect();
    if others.is_empty() {
        return view! {
            <p class="quiet">"To transfer ownership, invite somebody first."</p>
        }
        .into_any();
    }
    view! {
        <FormFailure error=error_of(action.value()) fields=&[] />
        <div>
            <OpenButton dialog=TRANSFER node>
                "Transfer ownership"
            </OpenButton>
        </div>
        <Dialog id=TRANSFER title="Transfer ownership" node>
            <p>"They become an owner, and you stay as an admin."</p>
            <ActionForm action attr:class="stack">
                <input type="hidden" name="project_id" value=project_id.get_untracked() />
                <PickField
                    label="New owner"
                    field="user_id"
                    name="user_id"
                    value=String::new()
                    options=others
                    is_to_be_chosen=true
                />
                <ConfirmActions dialog=TRANSFER node confirm="Transfer it" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Leave(project_id: Memo<String>, members: MemberList) -> impl IntoView {
    let action = ServerAction::<LeaveProject>::new();
    let node = NodeRef::<html::Dialog>::new();
    let is_owner = |member: &&MemberRow| member.role == "owner" && member.is_enabled;
    let mut owners = members.members.iter().filter(is_owner);
    let is_last_owner = owners.next().is_some_and(|one| one.is_me) && owners.next().is_none();
    if is_last_owner {
        return view! {
            <p class="quiet">"You are the last owner. Transfer the project, or delete it."</p>
        }
        .into_any();
    }
    let me = members.members.iter().find(|member| member.is_me);
    let me = me.map(|member| member.user_id.clone()).unwrap_or_default();
    let ends = Resource::new(
        move || (project_id.get(), me.clone()),
        |(project_id, me)| crate::api::members::what_removal_ends(project_id, me),
    );
    view! {
        <FormFailure error=error_of(action.value()) fields=&[] />
        <div>
            <OpenButton dialog=LEAVE node>
                "Leave the project"
            </OpenButton>
        </div>
        <Dialog id=LEAVE title="Leave the project?" node>
            <p>"You can no longer open it, and what rests on your being in it ends:"</p>
            <Loaded from=ends show=|ends| view! { <What ends /> } />
            <ActionForm action>
                <input type="hidden" name="project_id" value=project_id.get_untracked() />
                <ConfirmActions dialog=LEAVE node confirm="Leave it" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Delete(project_id: Memo<String>, end: ProjectEnd) -> impl IntoView {
    let action = ServerAction::<DeleteProject>::new();
    let node = NodeRef::<html::Dialog>::new();
    let takes = format!(
        "{} and {} end with it, with every connection, secret and key of the project. It cannot be undone.",
        counted(end.tools, "tool", "tools"),
        counted(end.integrations, "integration", "integrations"),
    );
    view! {
        <FormFailure error=error_of(action.value()) fields=&[] />
        <div>
            <OpenButton dialog=DELETE node class="btn btn-danger">
                "Delete the project"
            </OpenButton>
        </div>
        <Dialog id=DELETE title=format!("Delete {}?", end.name) node>
            <p>{takes}</p>
            <ActionForm action attr:class="stack">
                <input type="hidden" name="project_id" value=project_id.get_untracked() />
                <TextField label="Type the project's name to go on" field="confirm_name" />
                <ConfirmActions dialog=DELETE node confirm="Delete it for good" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Log(project_id: Memo<String>) -> impl IntoView {
    let before = query_param("before");
    let page = Resource::new(
        move || (project_id.get(), before.get()),
        |(project_id, before)| project_audit(project_id, before),
    );
    view! {
        <section class="stack-tight" aria-labelledby="log">
            <h2 id="log">"Audit log"</h2>
            <p class="quiet">"What was done to the project, its members and keys, its integrations and its vault."</p>
            <Loaded
                from=page
                show=move |page| {
                    let path = format!("/projects/{}/settings", project_id.get_untracked());
                    view! { <AuditRows path page /> }
                }
            />
        </section>
    }
    .into_any()
}
