//! Where the person is signed in, and signing out there.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::sessions::{EndOtherSessions, EndSession, SessionList, SessionRow, list_sessions},
    components::{
        badge::{Badge, Tone},
        button::Button,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        form::{Form, sent, sent_of},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};

const OTHERS: &str = "end-other-sessions";

#[component]
pub fn SessionsPage() -> impl IntoView {
    view! {
        <Title text="Sessions" />
        <div class="stack">
            <Loaded from=list_sessions() show=|list| view! { <Sessions list /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Sessions(list: SessionList) -> impl IntoView {
    let has_others = list.sessions.len() > 1;
    let rows = list
        .sessions
        .into_iter()
        .map(|session| view! { <Row session /> })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Sessions"</h1>
                <p>
                    {format!(
                        "Browsers that you are signed in with. One that is not used for {} is signed out, and each after {}.",
                        list.idle,
                        list.max,
                    )}
                </p>
            </div>
            {has_others.then(|| view! { <EndOthers /> })}
        </div>
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

#[component]
fn EndOthers() -> impl IntoView {
    let end = sent::<EndOtherSessions>();
    view! {
        <OpenButton dialog=OTHERS>"Sign out everywhere else"</OpenButton>
        <Dialog id=OTHERS title="Sign out everywhere else?" of=&end>
            <p>"Every browser but this one is signed out now. Clients that you connected go on: end those under Connected apps."</p>
            <Form of=&end class="stack" done="Signed out everywhere else.">
                <FormFailure />
                <ConfirmActions dialog=OTHERS confirm="Sign out everywhere else" />
            </Form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Row(session: SessionRow) -> impl IntoView {
    let end = (!session.is_this).then(|| {
        let (id, device) = (session.id.clone(), session.device.clone());
        view! { <End id device /> }
    });
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <strong>{session.device}</strong>
                    {session
                        .is_this
                        .then(|| view! { <Badge tone=Tone::Good>"this one"</Badge> })}
                </div>
                <span class="row-sub row-sub-whole">
                    "used " <TimeAgo when=session.last_used /> " · signed in "
                    <TimeAgo when=session.since /> " " {session.how} " from "
                    <span class="mono">{session.address}</span>
                </span>
            </div>
            {end}
        </li>
    }
    .into_any()
}

#[component]
fn End(id: String, device: String) -> impl IntoView {
    let end = sent_of::<EndSession>(id.clone());
    view! {
        <Form of=&end>
            <input type="hidden" name="session_id" value=id />
            <Button is_small=true label=format!("Sign out {device}")>
                "Sign out"
            </Button>
        </Form>
        <FormFailure of=&end />
    }
    .into_any()
}
