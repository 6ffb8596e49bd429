//! Who may connect: whether a member approves, and which clients may come by themselves.

use leptos::prelude::*;

use super::{
    ids::Ids,
    setting::{Fold, SecretAlone, Setting},
};
use crate::{
    api::{
        connections::ConnectedBy,
        integrations::{
            IntegrationDetails,
            approval::{SetApproval, SetClientCredentials, SetSelfRegistered},
        },
    },
    components::{
        badge::{Badge, Tone},
        button::Button,
        failure::FormFailure,
        form::{Form, Sending, sent, sent_of},
        switch::SwitchButton,
    },
    counted::counted,
};

#[component]
pub fn WhoMayConnect(details: IntegrationDetails) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="who-may-connect">
            <h2 id="who-may-connect">"Who may connect"</h2>
            <Approval details=details.clone() />
            <SelfRegistered details=details.clone() />
            {(!details.is_public).then(|| view! { <ClientCredentials details /> })}
        </section>
    }
    .into_any()
}

#[component]
fn Approval(details: IntegrationDetails) -> impl IntoView {
    let approved_by_nobody = details
        .connections
        .iter()
        .filter(|one| one.by == ConnectedBy::Automatic)
        .count();
    if details.is_automatic {
        return view! {
            <Setting
                title="Approval"
                state=view! { <Badge tone=Tone::Warning>"Automatic"</Badge> }.into_any()
                text="Whoever holds the Client Secret can call every tool that this integration offers, and nobody is asked."
            >
                <BackToAsking connections=approved_by_nobody />
            </Setting>
        }
        .into_any();
    }
    view! {
        <Setting
            title="Approval"
            state=view! { <Badge>"Ask"</Badge> }.into_any()
            text="A member of the project signs in, approves each connection and chooses its tools."
        >
            {if details.is_public {
                view! {
                    <p class="hint">"A public client has no secret that could authorize by itself."</p>
                }
                    .into_any()
            } else {
                view! { <ApproveAutomatically /> }.into_any()
            }}
        </Setting>
    }
    .into_any()
}

#[component]
fn ApproveAutomatically() -> impl IntoView {
    let approve = sent_of::<SetApproval>("automatic");
    view! {
        <Fold title="Approve automatically" of=&approve>
            <Form of=&approve class="stack">
                <Ids />
                <input type="hidden" name="is_automatic" value="true" />
                <SecretAlone button="Approve automatically from now on" />
            </Form>
        </Fold>
    }
    .into_any()
}

#[component]
fn BackToAsking(connections: usize) -> impl IntoView {
    let ask = sent_of::<SetApproval>("ask");
    let ends = match connections {
        0 => "From then on a member approves. No connection ends with it.".to_owned(),
        _ => format!(
            "From then on a member approves. It ends {} that nobody approved.",
            counted(connections, "connection", "connections")
        ),
    };
    view! {
        <Form of=&ask class="cluster">
            <Ids />
            <input type="hidden" name="is_automatic" value="false" />
            <FormFailure />
            <Button>"Have a member approve"</Button>
            <span class="hint">{ends}</span>
        </Form>
    }
    .into_any()
}

#[component]
fn SelfRegistered(details: IntegrationDetails) -> impl IntoView {
    let is_on = details.self_registered;
    let connected = details
        .connections
        .iter()
        .filter(|one| !one.uses_secret)
        .count();
    let keeps = (is_on && connected > 0).then(|| {
        format!(
            "Switched off, it lets no new ones in; {} until you disconnect them.",
            counted(
                connected,
                "that is connected goes on",
                "that are connected go on"
            )
        )
    });
    let set = sent::<SetSelfRegistered>();
    let switch = view! {
        <Form of=&set sending=Sending::Switch>
            <Ids />
            <input type="hidden" name="is_on" value=(!is_on).to_string() data-wish />
            <SwitchButton label="Clients that register themselves" is_on=is_on />
        </Form>
    };
    view! {
        <Setting
            title="Clients that register themselves"
            state=switch.into_any()
            text="Lets clients in that have no Client ID of yours and are given the Server URL only: ChatGPT, VS Code, Claude without a Client ID. A member still approves each connection."
        >
            {keeps.map(|text| view! { <p class="hint">{text}</p> })}
            {details
                .is_self_registration_off
                .then(|| {
                    view! {
                        <p class="hint">
                            "This instance has self-registration switched off, so that this lets nobody in."
                        </p>
                    }
                })}
        </Setting>
    }
    .into_any()
}

#[component]
fn ClientCredentials(details: IntegrationDetails) -> impl IntoView {
    let is_on = details.client_credentials;
    let state = match is_on {
        true => view! { <Badge tone=Tone::Warning>"On"</Badge> },
        false => view! { <Badge>"Off"</Badge> },
    };
    view! {
        <Setting
            title="Client credentials"
            state=state.into_any()
            text="For programs without a person: the client gets access tokens with its Client ID and Client Secret alone (grant type client_credentials), and never a refresh token."
        >
            {if is_on {
                view! { <CredentialsOff /> }.into_any()
            } else {
                view! { <CredentialsOn /> }.into_any()
            }}
        </Setting>
    }
    .into_any()
}

#[component]
fn CredentialsOn() -> impl IntoView {
    let switch_on = sent_of::<SetClientCredentials>("on");
    view! {
        <Fold title="Switch on client credentials" of=&switch_on>
            <Form of=&switch_on class="stack">
                <Ids />
                <input type="hidden" name="is_on" value="true" />
                <SecretAlone button="Switch it on" />
            </Form>
        </Fold>
    }
    .into_any()
}

#[component]
fn CredentialsOff() -> impl IntoView {
    let switch_off = sent_of::<SetClientCredentials>("off");
    view! {
        <Form of=&switch_off class="cluster">
            <Ids />
            <input type="hidden" name="is_on" value="false" />
            <FormFailure />
            <Button>"Switch it off"</Button>
            <span class="hint">"Its tokens stop working at once."</span>
        </Form>
    }
    .into_any()
}
