//! The account itself: its address, its password, its data and its end.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::profile::{
        ChangeEmail, ChangePassword, DeleteAccount, Profile, VerifyEmail, load_profile,
    },
    components::{
        badge::{Badge, Tone},
        button::{Button, ButtonKind},
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        field::{NEW_PASSWORD, TextField},
        form::{Form, sent},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};

const DELETE: &str = "delete-account";

#[component]
pub fn ProfilePage() -> impl IntoView {
    view! {
        <Title text="Your account" />
        <div class="page-head">
            <div>
                <h1>"Account"</h1>
                <p>"Your address, your password, and your data."</p>
            </div>
        </div>
        <Loaded
            from=load_profile()
            show=|profile| {
                view! {
                    <div class="stack">
                        <Email profile=profile.clone() />
                        <NewPassword has_one=profile.has_password />
                        <Data profile />
                    </div>
                }
            }
        />
    }
    .into_any()
}

#[component]
fn Email(profile: Profile) -> impl IntoView {
    let change = sent::<ChangeEmail>();
    let state = match profile.is_verified {
        true => view! { <Badge tone=Tone::Good>"verified"</Badge> },
        false => view! { <Badge>"not verified"</Badge> },
    };
    let can_verify = !profile.is_verified && profile.sends_mail;
    view! {
        <section class="card stack" aria-labelledby="email-heading">
            <h2 id="email-heading">"Email"</h2>
            <p class="cluster">
                <strong>{profile.email}</strong>
                {state}
                <span class="quiet">"account created " <TimeAgo when=profile.since /></span>
            </p>
            {can_verify.then(|| view! { <Verify /> })}
            {(!profile.is_verified && !profile.sends_mail)
                .then(|| {
                    view! {
                        <p class="hint">
                            "This instance sends no mail, so it cannot verify addresses."
                        </p>
                    }
                })}
            <Form of=&change class="stack" shows=true>
                <FormFailure fields=&["email"] />
                <TextField label="New address" field="email" kind="email" autocomplete="email" />
                <div class="cluster">
                    <Button>
                        "Change it"
                    </Button>
                    <span role="status">{change.value()}</span>
                </div>
            </Form>
        </section>
    }
    .into_any()
}

#[component]
fn Verify() -> impl IntoView {
    let verify = sent::<VerifyEmail>();
    let is_sent = verify.value().is_some();
    view! {
        <Form of=&verify class="cluster" shows=true>
            <Button is_small=true>
                "Send me a link to verify it"
            </Button>
            <span role="status">{is_sent.then_some("It is on its way.")}</span>
            <FormFailure />
        </Form>
    }
    .into_any()
}

#[component]
fn NewPassword(
    /// Whether there is one to be changed.
    has_one: bool,
) -> impl IntoView {
    let change = sent::<ChangePassword>();
    let (text, button) = match has_one {
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
            <Form of=&change class="stack" done="Changed.">
                <FormFailure fields=&["password"] />
                <TextField
                    label="New password"
                    field="password"
                    kind="password"
                    autocomplete="new-password"
                    hint=NEW_PASSWORD
                />
                <div>
                    <Button>
                        {button}
                    </Button>
                </div>
            </Form>
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
                <Button>
                    "Export it"
                </Button>
            </form>
            <Delete profile />
        </section>
    }
    .into_any()
}

#[component]
fn Delete(profile: Profile) -> impl IntoView {
    let delete = sent::<DeleteAccount>();
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
        <div>
            <OpenButton dialog=DELETE kind=ButtonKind::Danger>
                "Delete the account"
            </OpenButton>
        </div>
        <Dialog id=DELETE title="Delete your account?" of=&delete>
            <p>
                "You are signed out everywhere, your memberships, keys and passkeys end, and clients that you connected stop working. Rows of the audit log stay, under a pseudonym. It cannot be undone."
            </p>
            {ending}
            <Form of=&delete class="stack">
                <FormFailure fields=&["confirm_email"] />
                <TextField
                    label="Type your address to go on"
                    field="confirm_email"
                    kind="email"
                />
                <ConfirmActions dialog=DELETE confirm="Delete it for good" />
            </Form>
        </Dialog>
    }
    .into_any()
}
