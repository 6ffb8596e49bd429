//! Where a client may be sent back to after sign-in: whether the integration knows it, and adding it.

use leptos::prelude::*;

use super::super::ids::Ids;
use crate::{
    api::integrations::settings::AddRedirectUri,
    components::{
        badge::Tone,
        button::Button,
        failure::FormFailure,
        field::TextField,
        form::{Form, sent_of},
        notice::Notice,
    },
    ssr::connecting::is_registered,
};

/// Whether each of a client's redirect URIs is registered; one click adds one that is not.
#[component]
pub fn Redirects(
    uris: &'static [&'static str],
    /// The integration's.
    registered: Vec<String>,
    may_manage: bool,
) -> impl IntoView {
    let missing: Vec<&'static str> = uris
        .iter()
        .copied()
        .filter(|uri| !is_registered(&registered, uri))
        .collect();
    if missing.is_empty() {
        return view! {
            <p class="hint">"Redirect URIs: what this client uses is registered already."</p>
        }
        .into_any();
    }
    let rows = missing
        .into_iter()
        .map(|uri| {
            view! {
                <li class="row row-wrap">
                    <code class="row-main">{uri}</code>
                    {may_manage.then(|| view! { <AddRedirect uri label="Add it" key=uri /> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <Notice tone=Tone::Warning>
            <p>
                "This integration does not let this client be sent back here, so that connecting may fail:"
                {(!may_manage).then_some(" an admin of the project can add it.")}
            </p>
            <ul class="rows">{rows}</ul>
        </Notice>
    }
    .into_any()
}

/// A button that registers one redirect URI.
#[component]
pub fn AddRedirect(
    #[prop(into)] uri: String,
    label: &'static str,
    /// Tells its form from others on the page.
    #[prop(into)]
    key: String,
) -> impl IntoView {
    let add = sent_of::<AddRedirectUri>(key);
    view! {
        <Form of=&add done="Added.">
            <FormFailure />
            <Ids />
            <input type="hidden" name="redirect_uri" value=uri />
            <Button is_small=true>{label}</Button>
        </Form>
    }
    .into_any()
}

/// A redirect URI that only the client's own page tells.
#[component]
pub fn OneRedirect(key: &'static str, label: &'static str) -> impl IntoView {
    let add = sent_of::<AddRedirectUri>(key);
    view! {
        <Form of=&add class="stack-tight" done="Added.">
            <FormFailure fields=&["redirect_uri"] />
            <Ids />
            <TextField
                label
                field="redirect_uri"
                id=key
                placeholder="https://chatgpt.com/connector/oauth/…"
                is_code=true
            />
            <div>
                <Button is_small=true>"Add the callback"</Button>
            </div>
        </Form>
    }
    .into_any()
}
