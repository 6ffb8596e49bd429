//! The account itself: its address, its password, its data and its end.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;

use crate::{
    api::profile::{
        ChangeEmail, ChangePassword, DeleteAccount, Profile, VerifyEmail, load_profile,
    },
    components::{
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::{FormFailure, error_of, problems_of},
        field::{NEW_PASSWORD, TextField},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};

const DELETE: &str = "delete-account";

#[component]
pub fn ProfilePage() -> impl IntoView {
    let change_password = ServerAction::<ChangePassword>::new();
    let change_email = ServerAction::<ChangeEmail>::new();
    let profile = Resource::new(
        move || {
            (
                change_password.version().get(),
                change_email.version().get(),
            )
        },
        |_| load_profile(),
    );
    view! {
        <Title text="Your account" />
        <h1 class="sr-only">"Your account"</h1>
        <Loaded
            from=profile
            show=move |profile| {
                view! {
                    <div class="stack">
                        <Email action=change_email profile=profile.clone() />
                        <NewPassword action=change_password profile=profile.clone() />
                        <Data profile />
                    </div>
                }
            }
        />
    }
    .into_any()
}

#[component]
fn Email(action: ServerAction<ChangeEmail>, profile: Profile) -> impl IntoView {
    let verify = ServerAction::<VerifyEmail>::new();
    let error = error_of(action.value());
    let said = move || {
        action
            .value()
            .with(|value| value.as_ref()?.as_ref().ok().cloned())
    };
    let is_sent = move || verify.value().with(|value| matches!(value, Some(Ok(()))));
    let state = match profile.is_verified {
        true => view! { <span class="badge badge-ok">"verified"</span> },
        false => view! { <span class="badge">"not verified"</span> },
    };
    let can_verify = !profile.is_verified && profile.sends_mail;
    view! {
        <section class="card stack" aria-labelledby="email-heading">
            <h2 id="email-heading">"Email"</h2>
            <p class="cluster">
                <strong>{profile.email}</strong>
                {state}
                <span class="quiet">"account made " <TimeAgo when=profile.since /></span>
            </p>
            {can_verify
                .then(|| {
                    view! {
                        <ActionForm action=verify attr:class="cluster">
                            <button type="submit" class="btn btn-small">
                                "Send me a link to verify it"
                            </button>
                            <span role="status">{move || is_sent().then_some("It is on its way.")}</span>
                            <FormFailure error=error_of(verify.value()) fields=&[] />
                        </ActionForm>
                    }
                })}
            <ActionForm action attr:class="stack">
                <FormFailure error fields=&["email"] />
                <TextField
                    label="New address"
                    field="email"
                    kind="email"
                    autocomplete="email"
                    problems=problems_of(error)
                />
                <div class="cluster">
                    <button type="submit" class="btn" disabled=move || action.pending().get()>
                        "Change it"
                    </button>
                    <span role="status">{said}</span>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}

#[component]
fn NewPassword(action: ServerAction<ChangePassword>, profile: Profile) -> impl IntoView {
    let error = error_of(action.value());
    let is_done = move || action.value().with(|value| matches!(value, Some(Ok(()))));
    let (text, button) = match profile.has_password {
        true => (
            "Other browsers that you are signed in with are signed out.",
            "Change it",
        ),
        false => (
            "You have none so far: you sign in another way.",
            "Set a password",
        ),
    };
    view! {
        <section class="card stack" aria-labelledby="password-heading">
            <h2 id="password-heading">"Password"</h2>
            <p class="quiet">{text}</p>
            <ActionForm action attr:class="stack">
                <FormFailure error fields=&["password"] />
                <TextField
                    label="New password"
                    field="password"
                    kind="password"
                    autocomplete="new-password"
                    hint=NEW_PASSWORD
                    problems=problems_of(error)
                />
                <div class="cluster">
                    <button type="submit" class="btn" disabled=move || action.pending().get()>
                        {button}
                    </button>
                    <span role="status">{move || is_done().then_some("Changed.")}</span>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}

#[component]
fn Data(profile: Profile) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="data-heading">
            <h2 id="data-heading">"Your data"</h2>
            <p class="quiet">
                "Everything that is stored about you, as one JSON file: account, memberships, sessions, keys without their secrets, connections, and what was noted of you."
            </p>
            <form method="post" action="/account/export">
                <input type="hidden" name="csrf" value=profile.csrf.clone() />
                <button type="submit" class="btn">
                    "Export it"
                </button>
            </form>
            <Delete profile />
        </section>
    }
    .into_any()
}

#[component]
fn Delete(profile: Profile) -> impl IntoView {
    let action = ServerAction::<DeleteAccount>::new();
    let node = NodeRef::<html::Dialog>::new();
    let error = error_of(action.value());
    let ending = (!profile.ending.is_empty()).then(|| {
        let names = profile
            .ending
            .iter()
            .map(|name| view! { <li>{name.clone()}</li> })
            .collect_view();
        view! {
            <p>"Nobody else is in these projects. They are deleted with it, with their tools and integrations:"</p>
            <ul class="bullets">{names}</ul>
        }
    });
    let stands_in_the_way = if profile.is_last_instance_owner {
        Some("You are the last owner of the instance: make somebody else one first.".to_owned())
    } else if profile.in_the_way.is_empty() {
        None
    } else {
        Some(format!(
            "You alone own these projects, and others are in them: transfer or delete them first: {}.",
            profile.in_the_way.join(", ")
        ))
    };
    if let Some(text) = stands_in_the_way {
        return view! {
            <div class="setting">
                <h3>"Delete the account"</h3>
                <p class="quiet">{text}</p>
            </div>
        }
        .into_any();
    }
    view! {
        <FormFailure error fields=&[] />
        <div>
            <OpenButton dialog=DELETE node class="btn btn-danger">
                "Delete the account"
            </OpenButton>
        </div>
        <Dialog id=DELETE title="Delete your account?" node>
            <p>
                "You are signed out everywhere, your memberships, keys and passkeys end, and clients that you connected stop working. Rows of the audit log stay, under a pseudonym. It cannot be undone."
            </p>
            {ending}
            <ActionForm action attr:class="stack">
                <TextField
                    label="Type your address to go on"
                    field="confirm_email"
                    placeholder=""
                    kind="email"
                />
                <ConfirmActions dialog=DELETE node confirm="Delete it for good" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}
