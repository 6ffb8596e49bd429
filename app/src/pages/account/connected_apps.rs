//! The clients that the signed-in person let in, in every project, and ending that.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::connections::{Connection, EndOwnConnection, list_connected_apps},
    components::{
        connection::ConnectionSummary,
        dialog::{ConfirmActions, Dialog, OpenButton},
        empty::Empty,
        failure::FormFailure,
        form::{Form, sent_of},
        loaded::Loaded,
    },
};

#[component]
pub fn ConnectedAppsPage() -> impl IntoView {
    view! {
        <Title text="Connected apps" />
        <div class="page-head">
            <div>
                <h1>"Connected apps"</h1>
                <p>"Clients that call tools in your name, because you approved them."</p>
            </div>
        </div>
        <div class="stack">
            <Loaded from=list_connected_apps() show=|apps| view! { <Apps apps /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Apps(apps: Vec<Connection>) -> impl IntoView {
    if apps.is_empty() {
        return view! {
            <Empty title="No app is connected">
                <p>
                    "Once you have approved a client such as Claude, it shows here, with the project it reaches and which tools it may call, and you can end it here."
                </p>
                <p>
                    <a href="/docs/claude-desktop">"Connect Claude, step by step"</a>
                </p>
            </Empty>
        }
        .into_any();
    }
    let rows = apps
        .into_iter()
        .map(|app| {
            let reaches = format!("{}, by {}", app.project, app.integration);
            view! {
                <li class="row row-wrap">
                    <ConnectionSummary connection=app.clone() first=reaches />
                    <Disconnect app />
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

#[component]
fn Disconnect(app: Connection) -> impl IntoView {
    let end = sent_of::<EndOwnConnection>(app.id.clone());
    let dialog = format!("disconnect-{}", app.id);
    view! {
        <OpenButton dialog=dialog.clone() is_small=true>
            "Disconnect"
        </OpenButton>
        <Dialog id=dialog.clone() title=format!("Disconnect {}?", app.client) of=&end>
            <p>
                {format!(
                    "From its next request on it can no longer call tools of {} in your name. To use it again, connect it again and approve it.",
                    app.project,
                )}
            </p>
            <Form of=&end class="stack">
                <FormFailure />
                <input type="hidden" name="grant_id" value=app.id />
                <ConfirmActions dialog confirm="Disconnect it" />
            </Form>
        </Dialog>
    }
    .into_any()
}
