//! Who is connected now, and ending it.

use leptos::prelude::*;

use super::ids::Ids;
use crate::{
    api::{
        connections::{ConnectedBy, Connection, DisconnectEverything, EndConnection},
        integrations::IntegrationDetails,
    },
    components::{
        button::ButtonKind,
        connection::ConnectionSummary,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        form::{Form, sent, sent_of},
    },
};

const EVERYTHING: &str = "disconnect-everything";

#[component]
pub fn Connections(details: IntegrationDetails) -> impl IntoView {
    let connections = details.connections;
    let may_manage = details.may_manage;
    view! {
        <section class="card stack" aria-labelledby="connections">
            <h2 id="connections">"Connections"</h2>
            {if connections.is_empty() {
                view! {
                    <p class="quiet">
                        "Nobody is connected. Connect a client as described above: it then shows here, with who approved it, which tools it may call and when it last did, and you can end it here."
                    </p>
                }
                    .into_any()
            } else {
                view! { <Connected connections may_manage /> }.into_any()
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Connected(connections: Vec<Connection>, may_manage: bool) -> impl IntoView {
    let number = connections.len();
    let returns = connections
        .iter()
        .any(|one| !matches!(one.by, ConnectedBy::Person(_)));
    let rows = connections
        .into_iter()
        .map(|connection| view! { <Row connection may_manage /> })
        .collect_view();
    view! {
        <ul class="rows">{rows}</ul>
        {may_manage.then(|| view! { <Everything number returns /> })}
    }
    .into_any()
}

#[component]
fn Row(connection: Connection, may_manage: bool) -> impl IntoView {
    let who = match &connection.by {
        ConnectedBy::Person(email) => email.clone(),
        ConnectedBy::Automatic => "nobody: approves by itself".to_owned(),
        ConnectedBy::ClientCredentials => "nobody: its own credentials".to_owned(),
    };
    view! {
        <li class="row row-wrap">
            <ConnectionSummary connection=connection.clone() first=who />
            {may_manage.then(|| view! { <Disconnect connection /> })}
        </li>
    }
    .into_any()
}

#[component]
fn Disconnect(connection: Connection) -> impl IntoView {
    let end = sent_of::<EndConnection>(connection.id.clone());
    let dialog = format!("disconnect-{}", connection.id);
    let ends = match connection.by {
        ConnectedBy::Person(email) => format!(
            "This ends the connection of {email}: its next request is refused. To come back, the client has to connect again and somebody has to approve it again."
        ),
        ConnectedBy::Automatic => "Its next request is refused. Whoever holds the Client Secret can connect again, and nobody is asked: to keep them out, rotate the secret or have a member approve.".to_owned(),
        ConnectedBy::ClientCredentials => "Its tokens stop working at once. It can get a new one as long as “Client credentials” is on: to keep it out, switch that off.".to_owned(),
    };
    view! {
        <OpenButton dialog=dialog.clone() is_small=true>
            "Disconnect"
        </OpenButton>
        <Dialog id=dialog.clone() title=format!("Disconnect {}?", connection.client) of=&end>
            <p>{ends}</p>
            <Form of=&end class="stack">
                <FormFailure />
                <Ids />
                <input type="hidden" name="grant_id" value=connection.id />
                <ConfirmActions dialog confirm="Disconnect it" />
            </Form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Everything(
    number: usize,
    /// Some come back without asking anyone.
    returns: bool,
) -> impl IntoView {
    let end = sent::<DisconnectEverything>();
    let ends = if number == 1 {
        "1 connection ends now: its next request is refused, and its client has to connect again."
            .to_owned()
    } else {
        format!(
            "{number} connections end now: their next requests are refused, and their clients have to connect again."
        )
    };
    view! {
        <div>
            <OpenButton dialog=EVERYTHING kind=ButtonKind::Danger>
                "Disconnect everything"
            </OpenButton>
        </div>
        <Dialog id=EVERYTHING title="Disconnect everything?" of=&end>
            <p>{ends}</p>
            {returns
                .then(|| {
                    view! {
                        <p>
                            "What connects without asking anyone can do so again at once. To keep it out, rotate the secret, or deactivate the integration."
                        </p>
                    }
                })}
            <Form of=&end class="stack">
                <FormFailure />
                <Ids />
                <ConfirmActions dialog=EVERYTHING confirm="Yes, disconnect everything" />
            </Form>
        </Dialog>
    }
    .into_any()
}
