//! The page of a sign-in provider.

use leptos::prelude::*;
use leptos_meta::Title;

use super::delete::Delete;
use crate::{
    api::instance::providers::{ProviderPage, SaveProvider, load_provider},
    components::{
        button::{Button, ButtonKind},
        copy::CopyField,
        failure::FormFailure,
        field::{AreaField, CheckField, SelectField, TextField},
        form::{Form, sent},
        loaded::Loaded,
    },
    counted::counted,
    pages::in_path,
};

const KINDS: &[(&str, &str)] = &[
    ("oidc", "OpenID Connect: any provider with an issuer"),
    ("google", "Google"),
    ("github", "GitHub"),
];

/// The fields that show their own problems.
const FIELDS: &[&str] = &[
    "kind",
    "name",
    "issuer",
    "client_id",
    "client_secret",
    "allowed_domains",
];

#[component]
pub fn ProviderPageView() -> impl IntoView {
    let id = in_path("provider_id");
    let page = load_provider(id.clone());
    view! {
        <Title text="Sign-in provider" />
        <Loaded from=page show=move |page| view! { <Editor id page /> } />
    }
    .into_any()
}

#[component]
fn Editor(id: String, page: ProviderPage) -> impl IntoView {
    let is_new = page.redirect_uri.is_none();
    let title = match is_new {
        true => "Add a provider".to_owned(),
        false => page.form.name.clone(),
    };
    let delete = (!is_new).then(|| {
        let (id, page) = (id.clone(), page.clone());
        view! { <Delete id page /> }
    });
    let redirect_uri = page.redirect_uri.clone().map(|uri| {
        view! {
            <section class="card stack">
                <p>"Register this address at the provider, as the redirect or callback URI:"</p>
                <CopyField label="Redirect URI" value=uri testid="redirect-uri" />
            </section>
        }
    });
    view! {
        <div class="page-head">
            <div>
                <h1>{title}</h1>
                <p>
                    <a href="/instance/providers">"All providers"</a>
                </p>
            </div>
        </div>
        <div class="stack">
            {redirect_uri} <section class="card">
                <Save id page />
            </section> {delete}
        </div>
    }
    .into_any()
}

/// It is chosen once.
#[component]
fn Kind(kind: String, is_new: bool) -> impl IntoView {
    match is_new {
        true => view! {
            <SelectField label="Kind" field="kind" name="form[kind]" value=kind options=KINDS />
        }
        .into_any(),
        false => {
            let known = KINDS.iter().find(|(value, _)| *value == kind);
            view! {
                <input type="hidden" name="form[kind]" value=kind.clone() />
                <p class="quiet">{known.map(|(_, text)| *text)}</p>
            }
            .into_any()
        }
    }
}

#[component]
fn Save(id: String, page: ProviderPage) -> impl IntoView {
    let save = sent::<SaveProvider>();
    let is_new = page.redirect_uri.is_none();
    let form = page.form;
    let sessions = usize::try_from(page.sessions).unwrap_or_default();
    let signed_in = (sessions > 0 && form.is_enabled).then(|| {
        let browsers = counted(sessions, "browser is", "browsers are");
        view! {
            <p class="hint">{format!("{browsers} signed in by it now, and signed out with “Off”.")}</p>
        }
    });
    let id_hint = match is_new {
        true => {
            "The provider may want the redirect URI first, which this page shows once it is saved: save with any text here, and put the right one in afterwards."
        }
        false => "As the provider gave it.",
    };
    let secret_hint = match page.has_secret {
        true => "Empty: the stored one stays. It is never shown again.",
        false => "As the provider gave it. Empty for a public client.",
    };
    view! {
        <Form of=&save class="stack" done="Saved.">
            <input type="hidden" name="provider_id" value=id />
            <FormFailure fields=FIELDS />
            <Kind kind=form.kind.clone() is_new />
            <TextField
                label="Name"
                field="name"
                name="form[name]"
                value=form.name.clone()
                placeholder="Acme single sign-on"
                hint="What the button on the sign-in page says."
            />
            <TextField
                label="Issuer"
                field="issuer"
                name="form[issuer]"
                value=form.issuer.clone()
                placeholder="https://login.example.com"
                hint="For OpenID Connect. For GitHub only where you have a server of your own; for Google leave it empty."
            />
            <TextField
                label="Client ID"
                field="client_id"
                name="form[client_id]"
                value=form.client_id.clone()
                is_code=true
                hint=id_hint
            />
            <TextField
                label="Client secret"
                field="client_secret"
                name="form[client_secret]"
                kind="password"
                autocomplete="off"
                hint=secret_hint
            />
            <AreaField
                label="Mail domains"
                field="allowed_domains"
                name="form[allowed_domains]"
                value=form.allowed_domains.clone()
                rows=3
                placeholder="example.com"
                hint="Only people with a verified address in one of these come in this way. One a line; empty: any."
            />
            <CheckField
                label="Creates accounts"
                field="may_sign_up"
                name="form[may_sign_up]"
                is_checked=form.may_sign_up
                hint="Whoever comes for the first time gets an account, also where the instance takes nobody new."
            />
            <CheckField
                label="On"
                field="is_enabled"
                name="form[is_enabled]"
                is_checked=form.is_enabled
                hint="Off: it has no button on the sign-in page, nobody comes in this way, and who came in this way is signed out. Switch it on once the redirect URI is registered."
            />
            {signed_in}
            <div>
                <Button kind=ButtonKind::Primary>
                    "Save"
                </Button>
            </div>
        </Form>
    }
    .into_any()
}
