//! Who may have an account, what is asked of them, and which clients may introduce themselves.

mod sign_up;

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::instance::settings::{InstanceSettings, SetSwitch, load_settings},
    components::{
        failure::FormFailure,
        form::{Form, Sending, sent_of},
        loaded::Loaded,
        switch::SwitchButton,
    },
};
use sign_up::SignUp;

#[component]
pub fn SettingsPage() -> impl IntoView {
    view! {
        <Title text="Settings of the instance" />
        <div class="page-head">
            <div>
                <h1>"Settings"</h1>
                <p>"They hold for everyone on this instance, from the next request on."</p>
            </div>
        </div>
        <Loaded from=load_settings() show=|settings| view! { <Settings settings /> } />
    }
    .into_any()
}

#[component]
fn Settings(settings: InstanceSettings) -> impl IntoView {
    let is_second_factor_missing = !settings.require_second_factor && !settings.has_second_factor;
    view! {
        <div class="stack">
            <SignUp settings=settings.clone() />
            <section class="card stack" aria-labelledby="asked-of-people">
                <h2 id="asked-of-people">"Sign-in requirements"</h2>
                <Switch
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
                    settings=settings.clone()
                    name="dynamic_registration"
                    title="Dynamic registration"
                    text="Clients may register themselves (RFC 7591), as ChatGPT, Cursor and VS Code do."
                    is_on=settings.dynamic_registration
                />
                <Switch
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
fn Switch(
    settings: InstanceSettings,
    name: &'static str,
    title: &'static str,
    text: &'static str,
    is_on: bool,
) -> impl IntoView {
    let set = sent_of::<SetSwitch>(name);
    let fixed = settings.fixed_by(name);
    let is_fixed = fixed.is_some();
    view! {
        <div class="setting">
            <div class="setting-head">
                <h3>{title}</h3>
                <Form of=&set sending=Sending::Switch>
                    <input type="hidden" name="name" value=name />
                    <input type="hidden" name="is_on" value=(!is_on).to_string() data-wish />
                    <SwitchButton label=title is_on is_disabled=is_fixed />
                </Form>
            </div>
            <p class="quiet">{text}</p>
            <FormFailure of=&set />
            {fixed.map(|variable| view! { <FixedBy variable /> })}
        </div>
    }
    .into_any()
}

/// Where what cannot be changed here is set.
#[component]
fn FixedBy(variable: String) -> impl IntoView {
    view! {
        <p class="hint">
            "Set by " <code>{variable}</code> " where the server is started; change it there."
        </p>
    }
    .into_any()
}
