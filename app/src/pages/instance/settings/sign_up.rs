//! Who may make an account.

use leptos::prelude::*;

use super::FixedBy;
use crate::{
    api::instance::settings::{InstanceSettings, SetSignUp},
    components::{
        button::{Button, ButtonKind},
        failure::FormFailure,
        field::{AreaField, SelectField},
        form::{Form, sent},
    },
};

const POLICIES: &[(&str, &str)] = &[
    ("first", "Nobody new"),
    ("invite", "Whoever has an invitation"),
    ("open", "Anybody who reaches the sign-up page"),
];

#[component]
pub(super) fn SignUp(settings: InstanceSettings) -> impl IntoView {
    let set = sent::<SetSignUp>();
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
    view! {
        <section class="card stack" aria-labelledby="sign-up">
            <h2 id="sign-up">"New accounts"</h2>
            <Form of=&set class="stack" done="Saved.">
                <FormFailure fields=&["sign_up", "sign_up_domains"] />
                {policy}
                {tells}
                {domains}
                {unverified}
                {(!is_all_fixed)
                    .then(|| {
                        view! {
                            <div>
                                <Button kind=ButtonKind::Primary>
                                    "Save"
                                </Button>
                            </div>
                        }
                    })}
            </Form>
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
            <FixedBy variable />
        </div>
    }
    .into_any()
}
