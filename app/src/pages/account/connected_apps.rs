//! The clients that the signed-in person let in, in every project, and ending that.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;

use crate::{
    api::connections::{Connection, EndOwnConnection, list_connected_apps},
    components::{
        connection::ConnectionSummary,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::{FormFailure, error_of},
        loaded::Loaded,
    },
};

#[component]
pub fn ConnectedAppsPage() -> impl IntoView {
    let end = ServerAction::<EndOwnConnection>::new();
    let apps = Resource::new(move || end.version().get(), |_| list_connected_apps());
    view! {
        <Title text="Connected apps" />
        <div class="page-head">
            <div>
                <h1>"Connected apps"</h1>
                <p>"Clients that call tools in your name, because you approved them."</p>
            </div>
        </div>
        <div class="stack">
            <FormFailure error=error_of(end.value()) fields=&[] />
            <Loaded from=apps show=move |apps| view! { <Apps end apps /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Apps(end: ServerAction<EndOwnConnection>, apps: Vec<Connection>) -> impl IntoView {
    if apps.is_empty() {
        return view! {
            <div class="empty">
                <h2>"No app is connected"</h2>
                <p>
                    "Once you have approved a client such as Claude, it shows here, with the project it reaches and which tools it may call, and you can end it here."
                </p>
                <p>
                    <a href="/docs/claude-desktop">"Connect Claude, step by step"</a>
                </p>
            </div>
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
                    <Disconnect end app />
                </li>
            }
        })
        .collect_view();
    view! { <ul class="rows">{rows}</ul> }.into_any()
}

#[component]
fn Disconnect(end: ServerAction<EndOwnConnection>, app: Connection) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let dialog = format!("disconnect-{}", app.id);
    view! {
        <OpenButton dialog=dialog.clone() node class="btn btn-small">
            "Disconnect"
        </OpenButton>
        <Dialog id=dialog.clone() title=format!("Disconnect {}?", app.client) node>
            <p>
                {format!(
                    "From its next request on it can no longer call tools of {} in your name. To use it again, connect it again and approve it.",
                    app.project,
                )}
            </p>
            <ActionForm action=end>
                <input type="hidden" name="grant_id" value=app.id />
                <ConfirmActions dialog node confirm="Disconnect it" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}
