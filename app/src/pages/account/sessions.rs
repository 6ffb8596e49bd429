//! Where the person is signed in, and signing out there.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;

use crate::{
    api::sessions::{EndOtherSessions, EndSession, SessionList, SessionRow, list_sessions},
    components::{
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::{FormFailure, error_of},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};

const OTHERS: &str = "end-other-sessions";

#[component]
pub fn SessionsPage() -> impl IntoView {
    let end = ServerAction::<EndSession>::new();
    let end_others = ServerAction::<EndOtherSessions>::new();
    let sessions = Resource::new(
        move || (end.version().get(), end_others.version().get()),
        |_| list_sessions(),
    );
    view! {
        <Title text="Sessions" />
        <div class="stack">
            <FormFailure error=error_of(end.value()) fields=&[] />
            <FormFailure error=error_of(end_others.value()) fields=&[] />
            <Loaded from=sessions show=move |list| view! { <Sessions end end_others list /> } />
        </div>
    }
    .into_any()
}

#[component]
fn Sessions(
    end: ServerAction<EndSession>,
    end_others: ServerAction<EndOtherSessions>,
    list: SessionList,
) -> impl IntoView {
    let has_others = list.sessions.len() > 1;
    let rows = list
        .sessions
        .into_iter()
        .map(|session| view! { <Row end session /> })
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
            {has_others.then(|| view! { <EndOthers end_others /> })}
        </div>
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

#[component]
fn EndOthers(end_others: ServerAction<EndOtherSessions>) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    view! {
        <OpenButton dialog=OTHERS node>
            "Sign out everywhere else"
        </OpenButton>
        <Dialog id=OTHERS title="Sign out everywhere else?" node>
            <p>"Every browser but this one is signed out now. Clients that you connected go on: end those under Connected apps."</p>
            <ActionForm action=end_others>
                <ConfirmActions dialog=OTHERS node confirm="Sign out everywhere else" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Row(end: ServerAction<EndSession>, session: SessionRow) -> impl IntoView {
    let label = format!("Sign out {}", session.device);
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <strong>{session.device.clone()}</strong>
                    {session
                        .is_this
                        .then(|| view! { <span class="badge badge-ok">"this one"</span> })}
                </div>
                <span class="row-sub row-sub-whole">
                    "used " <TimeAgo when=session.last_used /> " · signed in "
                    <TimeAgo when=session.since /> " " {session.how} " from "
                    <span class="mono">{session.address}</span>
                </span>
            </div>
            {(!session.is_this)
                .then(|| {
                    view! {
                        <ActionForm action=end>
                            <input type="hidden" name="session_id" value=session.id />
                            <button type="submit" class="btn btn-small" aria-label=label>
                                "Sign out"
                            </button>
                        </ActionForm>
                    }
                })}
        </li>
    }
    .into_any()
}
