//! What a project is called, what it asks of its members, whose it is, and its end.

mod call_details;
mod ending;
mod transfer;

use leptos::prelude::*;
use leptos_meta::Title;

use super::{in_path, in_query};
use crate::{
    api::{
        UiError,
        audit::project_audit,
        calls::kept::{KeptDetails, load_kept_details},
        members::{Ends, RequireSecondFactor, what_removal_ends},
        projects::{ProjectEnd, RenameProject, load_project_end},
    },
    components::{
        audit::AuditRows,
        button::Button,
        failure::FormFailure,
        field::TextField,
        form::{Form, sent},
        loaded::Loaded,
        switch::SwitchButton,
    },
};
use call_details::CallDetails;
use ending::{Delete, Leave};
use transfer::Transfer;

/// What the page is about.
struct Project {
    end: ProjectEnd,
    kept: KeptDetails,
    /// What ends when the reader leaves; `None` for the last owner, who cannot.
    leaving: Option<Ends>,
}

#[component]
pub fn ProjectSettingsPage() -> impl IntoView {
    view! {
        <Title text="Settings" />
        <div class="page-head">
            <div>
                <h1>"Settings"</h1>
                <p>"The project's name, what it asks of its members, whose it is, and its end."</p>
            </div>
        </div>
        <div class="stack">
            <Loaded
                from=load(in_path("project_id"))
                show=|project| view! { <Settings project /> }
            />
        </div>
    }
    .into_any()
}

async fn load(project_id: String) -> Result<Project, UiError> {
    let end = load_project_end(project_id.clone()).await?;
    let kept = load_kept_details(project_id.clone()).await?;
    let leaving = match end.is_last_owner {
        false => Some(what_removal_ends(project_id, end.my_id.clone()).await?),
        true => None,
    };
    Ok(Project { end, kept, leaving })
}

#[component]
fn Settings(project: Project) -> impl IntoView {
    let Project { end, kept, leaving } = project;
    let (is_owner, sees_log) = (end.is_owner, end.sees_log);
    view! {
        {is_owner.then(|| view! { <Name name=end.name.clone() /> })}
        {is_owner.then(|| view! { <Asked is_on=end.requires_second_factor /> })}
        <CallDetails kept />
        <section class="card stack" aria-labelledby="whose">
            <h2 id="whose">"Ownership"</h2>
            {is_owner.then(|| view! { <Transfer heirs=end.heirs.clone() /> })}
            <Leave ends=leaving />
            {is_owner.then(|| view! { <Delete end /> })}
        </section>
        {sees_log.then(|| view! { <Log /> })}
    }
    .into_any()
}

/// What every form of the page sends.
#[component]
pub(super) fn ProjectField() -> impl IntoView {
    view! { <input type="hidden" name="project_id" value=in_path("project_id") /> }
}

#[component]
fn Name(name: String) -> impl IntoView {
    let rename = sent::<RenameProject>();
    view! {
        <section class="card stack" aria-labelledby="name-heading">
            <h2 id="name-heading">"Name"</h2>
            <Form of=&rename class="stack" done="Renamed.">
                <ProjectField />
                <FormFailure fields=&["name"] />
                <TextField label="Project name" field="name" value=name />
                <div>
                    <Button>
                        "Rename"
                    </Button>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Asked(is_on: bool) -> impl IntoView {
    // Not sent as a switch: that it asks for a proof is said with the way to give one.
    let require = sent::<RequireSecondFactor>();
    view! {
        <section class="card stack" aria-labelledby="asked">
            <div class="setting-head">
                <h2 id="asked">"Require a second factor"</h2>
                <Form of=&require>
                    <ProjectField />
                    <input type="hidden" name="is_on" value=(!is_on).to_string() />
                    <SwitchButton label="Require a second factor" is_on />
                </Form>
            </div>
            <p class="quiet">
                "The project is open only to members with a passkey or an authenticator app. Others keep their place, and get in once they have added one. Connections that people approved go on."
            </p>
            <FormFailure of=&require />
        </section>
    }
    .into_any()
}

#[component]
fn Log() -> impl IntoView {
    let project_id = in_path("project_id");
    let path = format!("/projects/{project_id}/settings");
    view! {
        <section class="stack-tight" aria-labelledby="log">
            <h2 id="log">"Audit log"</h2>
            <p class="quiet">"What was done to the project, its members and keys, its integrations and its vault."</p>
            <Loaded
                from=project_audit(project_id, in_query("before"))
                show=|page| view! { <AuditRows path page /> }
            />
        </section>
    }
    .into_any()
}
