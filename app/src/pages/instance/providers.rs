//! Sign-in providers: a list, and the page of one.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use leptos_router::components::Form;

use crate::{
    api::instance::providers::{
        DeleteProvider, ProviderPage, ProviderRow, SaveProvider, list_providers, load_provider,
    },
    components::{
        copy::CopyField,
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::{FormFailure, error_of, problems_of},
        field::{AreaField, CheckField, SelectField, TextField},
        loaded::Loaded,
    },
    counted::counted,
    pages::path_param,
};

const DELETE: &str = "delete-provider";

const KINDS: &[(&str, &str)] = &[
    ("oidc", "OpenID Connect: any provider with an issuer"),
    ("google", "Google"),
    ("github", "GitHub"),
];

#[component]
pub fn ProvidersPage() -> impl IntoView {
    let list = Resource::new(|| (), |()| list_providers());
    view! {
        <Title text="Sign-in providers" />
        <Loaded from=list show=|list| view! { <Providers list /> } />
    }
    .into_any()
}

#[component]
fn Providers(list: Vec<ProviderRow>) -> impl IntoView {
    let add = || {
        view! {
            <Form method="GET" action="/instance/providers/new">
                <button type="submit" class="btn btn-primary">
                    "Add a provider"
                </button>
            </Form>
        }
    };
    if list.is_empty() {
        return view! {
            <h1 class="sr-only">"Sign-in providers"</h1>
            <div class="empty">
                <h2>"People sign in with a password or a passkey"</h2>
                <p>
                    "With a provider they sign in with the account that they have at Google, GitHub, or your company's Okta, Entra ID, Keycloak, or any other OpenID Connect provider."
                </p>
                {add()}
            </div>
        }
        .into_any();
    }
    let rows = list
        .into_iter()
        .map(|one| {
            let accounts = usize::try_from(one.accounts).unwrap_or_default();
            let domains = match one.allowed_domains.is_empty() {
                true => "any mail domain".to_owned(),
                false => one.allowed_domains.join(", "),
            };
            view! {
                <li class="row">
                    <div class="row-main">
                        <div class="row-title">
                            <a href=format!("/instance/providers/{}", one.id)>{one.name}</a>
                            <span class="badge">{one.kind}</span>
                            {(!one.is_enabled).then(|| view! { <span class="badge badge-warn">"off"</span> })}
                            {one.may_sign_up.then(|| view! { <span class="badge">"creates accounts"</span> })}
                        </div>
                        <span class="row-sub">
                            {counted(accounts, "account", "accounts")} " · " {domains} " · "
                            <span class="mono">{one.issuer}</span>
                        </span>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="page-head">
            <div>
                <h1>"Sign-in providers"</h1>
                <p>"An account there opens one here only if its person has linked the two, or if the provider created it."</p>
            </div>
            {add()}
        </div>
        <ul class="rows">{rows}</ul>
    }
    .into_any()
}

#[component]
pub fn ProviderPageView() -> impl IntoView {
    let id = path_param("provider_id");
    let page = Resource::new(move || id.get(), load_provider);
    view! {
        <Title text="Sign-in provider" />
        <Loaded from=page show=move |page| view! { <Editor id page /> } />
    }
    .into_any()
}

#[component]
fn Editor(id: Memo<String>, page: ProviderPage) -> impl IntoView {
    let save = ServerAction::<SaveProvider>::new();
    let error = error_of(save.value());
    let problems = problems_of(error);
    let is_new = page.redirect_uri.is_none();
    let form = page.form;
    let kind = match is_new {
        true => view! {
            <SelectField
                label="Kind"
                field="kind"
                name="form[kind]"
                value=form.kind.clone()
                options=KINDS
                problems
            />
        }
        .into_any(),
        false => {
            let kind = KINDS.iter().find(|(value, _)| *value == form.kind);
            view! {
                <input type="hidden" name="form[kind]" value=form.kind.clone() />
                <p class="quiet">{kind.map(|(_, text)| *text)}</p>
            }
            .into_any()
        }
    };
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
        <div class="page-head">
            <div>
                <h1>{if is_new { "Add a provider".to_owned() } else { form.name.clone() }}</h1>
                <p>
                    <a href="/instance/providers">"All providers"</a>
                </p>
            </div>
        </div>
        <div class="stack">
            {page
                .redirect_uri
                .clone()
                .map(|uri| {
                    view! {
                        <section class="card stack">
                            <p>"Register this address at the provider, as the redirect or callback URI:"</p>
                            <CopyField label="Redirect URI" value=uri testid="redirect-uri" />
                        </section>
                    }
                })}
            <section class="card">
                <ActionForm action=save attr:class="stack">
                    <input type="hidden" name="provider_id" value=id.get_untracked() />
                    <FormFailure
                        error
                        fields=&["kind", "name", "issuer", "client_id", "client_secret", "allowed_domains"]
                    />
                    {kind}
                    <TextField
                        label="Name"
                        field="name"
                        name="form[name]"
                        value=form.name.clone()
                        placeholder="Acme single sign-on"
                        hint="What the button on the sign-in page says."
                        problems
                    />
                    <TextField
                        label="Issuer"
                        field="issuer"
                        name="form[issuer]"
                        value=form.issuer.clone()
                        placeholder="https://login.example.com"
                        hint="For OpenID Connect. For GitHub only where you have a server of your own; for Google leave it empty."
                        problems
                    />
                    <TextField
                        label="Client ID"
                        field="client_id"
                        name="form[client_id]"
                        value=form.client_id.clone()
                        is_code=true
                        hint=id_hint
                        problems
                    />
                    <TextField
                        label="Client secret"
                        field="client_secret"
                        name="form[client_secret]"
                        kind="password"
                        autocomplete="off"
                        hint=secret_hint
                        problems
                    />
                    <AreaField
                        label="Mail domains"
                        field="allowed_domains"
                        name="form[allowed_domains]"
                        value=form.allowed_domains.clone()
                        rows=3
                        placeholder="example.com"
                        hint="Only people with a verified address in one of these come in this way. One a line; empty: any."
                        problems
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
                        <button
                            type="submit"
                            class="btn btn-primary"
                            disabled=move || save.pending().get()
                        >
                            "Save"
                        </button>
                    </div>
                </ActionForm>
            </section>
            {(!is_new)
                .then(|| {
                    view! {
                        <Delete id accounts=page.accounts only_way_in=page.only_way_in sessions />
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn Delete(id: Memo<String>, accounts: i64, only_way_in: i64, sessions: usize) -> impl IntoView {
    let action = ServerAction::<DeleteProvider>::new();
    let node = NodeRef::<html::Dialog>::new();
    let accounts = usize::try_from(accounts).unwrap_or_default();
    let alone = usize::try_from(only_way_in).unwrap_or_default();
    let left = (alone > 0).then(|| {
        view! {
            <p>
                {format!(
                    "{} no other way in: they need a recovery link afterwards.",
                    counted(alone, "account has", "accounts have"),
                )}
            </p>
            <CheckField
                label="Delete it all the same"
                field="strand_accounts"
                name="strand_accounts"
                is_checked=false
            />
        }
    });
    view! {
        <FormFailure error=error_of(action.value()) fields=&[] />
        <div>
            <OpenButton dialog=DELETE node class="btn btn-danger">
                "Delete the provider"
            </OpenButton>
        </div>
        <Dialog id=DELETE title="Delete this provider?" node>
            <p>{format!("{} linked to it.", counted(accounts, "account is", "accounts are"))}</p>
            {(sessions > 0)
                .then(|| {
                    let browsers = counted(sessions, "browser is", "browsers are");
                    view! { <p>{format!("{browsers} signed in by it, and signed out with it.")}</p> }
                })}
            <ActionForm action attr:class="stack">
                <input type="hidden" name="provider_id" value=id.get_untracked() />
                {left}
                <ConfirmActions dialog=DELETE node confirm="Delete it" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}
