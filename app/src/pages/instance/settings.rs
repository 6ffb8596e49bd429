//! Who may have an account, what is asked of them, and which clients may introduce themselves.

use leptos::{form::ActionForm, prelude::*};
use leptos_meta::Title;

use crate::{
    api::instance::settings::{InstanceSettings, SetSignUp, SetSwitch, load_settings},
    components::{
        failure::{FormFailure, error_of, problems_of},
        field::{AreaField, SelectField},
        loaded::Loaded,
        switch::SwitchButton,
    },
};

const POLICIES: &[(&str, &str)] = &[
    ("first", "Nobody new"),
    ("invite", "Whoever has an invitation"),
    ("open", "Anybody who reaches the sign-up page"),
];

#[component]
pub fn SettingsPage() -> impl IntoView {
    let set_sign_up = ServerAction::<SetSignUp>::new();
    let set_switch = ServerAction::<SetSwitch>::new();
    let settings = Resource::new(
        move || (set_sign_up.version().get(), set_switch.version().get()),
        |_| load_settings(),
    );
    view! {
        <Title text="Settings of the instance" />
        <div class="page-head">
            <div>
                <h1>"Settings"</h1>
                <p>"They hold for everyone on this instance, from the next request on."</p>
            </div>
        </div>
        <Loaded
            from=settings
            show=move |settings| view! { <Settings set_sign_up set_switch settings /> }
        />
    }
    .into_any()
}

#[component]
fn Settings(
    set_sign_up: ServerAction<SetSignUp>,
    set_switch: ServerAction<SetSwitch>,
    settings: InstanceSettings,
) -> impl IntoView {
    let is_second_factor_missing = !settings.require_second_factor && !settings.has_second_factor;
    view! {
        <div class="stack">
            <SignUp action=set_sign_up settings=settings.clone() />
            <section class="card stack" aria-labelledby="asked-of-people">
                <h2 id="asked-of-people">"Sign-in requirements"</h2>
                <Switch
                    action=set_switch
                    settings=settings.clone()
                    name="require_second_factor"
                    title="Require a second factor"
                    text="Projects are open only to accounts with a passkey or an authenticator app. Others sign in, and are led to add one first. Connections that people approved go on."
                    is_on=settings.require_second_factor
                />
                {is_second_factor_missing
                    .then(|| {
                        view! {
                            <p class="hint">
                                "You have none yourself yet: "
                                <a href="/account/security">"add one"</a>
                                " before you switch this on."
                            </p>
                        }
                    })}
            </section>
            <section class="card stack" aria-labelledby="clients">
                <h2 id="clients">"Clients that introduce themselves"</h2>
                <p class="quiet">
                    "Each integration decides whether it lets them in, and a member approves each connection. Switched off here, they get in nowhere."
                </p>
                <Switch
                    action=set_switch
                    settings=settings.clone()
                    name="dynamic_registration"
                    title="Dynamic registration"
                    text="Clients may register themselves (RFC 7591), as ChatGPT, Cursor and VS Code do."
                    is_on=settings.dynamic_registration
                />
                <Switch
                    action=set_switch
                    settings=settings.clone()
                    name="client_metadata_documents"
                    title="Client ID metadata documents"
                    text="Clients may be described by a document at the address that is their id. This server fetches it."
                    is_on=settings.client_metadata_documents
                />
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn SignUp(action: ServerAction<SetSignUp>, settings: InstanceSettings) -> impl IntoView {
    let error = error_of(action.value());
    let problems = problems_of(error);
    let policy = match settings.fixed_by("sign_up") {
        Some(variable) => {
            let chosen = POLICIES
                .iter()
                .find(|(value, _)| *value == settings.sign_up);
            let chosen = chosen.map_or_else(String::new, |(_, text)| (*text).to_owned());
            view! { <Fixed title="Who may make an account" value=chosen variable /> }.into_any()
        }
        None => view! {
            <SelectField
                label="Who may make an account"
                field="sign_up"
                value=settings.sign_up.clone()
                options=POLICIES
                hint="Providers and invitations of projects let people in besides."
                problems
            />
        }
        .into_any(),
    };
    let tells = (!settings.sends_mail).then(|| {
        view! {
            <p class="hint">
                "Without a mail server, sign-up tells which addresses have an account."
            </p>
        }
    });
    let domains = match settings.fixed_by("sign_up_domains") {
        Some(variable) => {
            let value = settings.sign_up_domains.replace('\n', ", ");
            view! { <Fixed title="Mail domains" value variable /> }.into_any()
        }
        None => view! {
            <AreaField
                label="Mail domains"
                field="sign_up_domains"
                value=settings.sign_up_domains.clone()
                rows=3
                placeholder="example.com"
                hint="New accounts have an address there, also those of invited people. One a line; empty: any."
                problems
            />
        }
        .into_any(),
    };
    let unverified = (!settings.sends_mail && !settings.sign_up_domains.is_empty()).then(|| {
        view! {
            <p class="hint">
                "This instance has no mail server, so nobody verifies addresses: whoever types one of these domains passes."
            </p>
        }
    });
    let is_all_fixed = ["sign_up", "sign_up_domains"]
        .iter()
        .all(|name| settings.fixed_by(name).is_some());
    let is_saved = move || action.value().with(|value| matches!(value, Some(Ok(()))));
    view! {
        <section class="card stack" aria-labelledby="sign-up">
            <h2 id="sign-up">"New accounts"</h2>
            <ActionForm action attr:class="stack">
                <FormFailure error fields=&["sign_up", "sign_up_domains"] />
                {policy}
                {tells}
                {domains}
                {unverified}
                {(!is_all_fixed)
                    .then(|| {
                        view! {
                            <div class="cluster">
                                <button
                                    type="submit"
                                    class="btn btn-primary"
                                    disabled=move || action.pending().get()
                                >
                                    "Save"
                                </button>
                                <span role="status">{move || is_saved().then_some("Saved.")}</span>
                            </div>
                        }
                    })}
            </ActionForm>
        </section>
    }
    .into_any()
}

/// What cannot be changed here.
#[component]
fn Fixed(title: &'static str, value: String, variable: String) -> impl IntoView {
    let value = match value.is_empty() {
        true => "any".to_owned(),
        false => value,
    };
    view! {
        <div class="field">
            <span class="field-label">{title}</span>
            <p>{value}</p>
            <span class="hint">
                "Set by " <code>{variable}</code> " where the server is started; change it there."
            </span>
        </div>
    }
    .into_any()
}

#[component]
fn Switch(
    action: ServerAction<SetSwitch>,
    settings: InstanceSettings,
    name: &'static str,
    title: &'static str,
    text: &'static str,
    is_on: bool,
) -> impl IntoView {
    let fixed = settings.fixed_by(name);
    let is_fixed = fixed.is_some();
    let error = error_of(action.value());
    // Each switch's form is the same action: it says what went wrong beside its own switch.
    let error = Signal::derive(move || {
        let is_own = action
            .input()
            .with(|input| input.as_ref().is_none_or(|input| input.name == name));
        error.get().filter(|_| is_own)
    });
    view! {
        <div class="setting">
            <div class="setting-head">
                <h3>{title}</h3>
                <ActionForm action>
                    <input type="hidden" name="name" value=name />
                    <input type="hidden" name="is_on" value=(!is_on).to_string() />
                    <SwitchButton
                        label=title
                        is_on=Signal::stored(is_on)
                        is_disabled=is_fixed
                    />
                </ActionForm>
            </div>
            <p class="quiet">{text}</p>
            <FormFailure error fields=&[] />
            {fixed
                .map(|variable| {
                    view! {
                        <p class="hint">
                            "Set by " <code>{variable}</code>
                            " where the server is started; change it there."
                        </p>
                    }
                })}
        </div>
    }
    .into_any()
}
