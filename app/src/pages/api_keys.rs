//! Keys of the REST API: the project's, and the account's.

use leptos::{ev::SubmitEvent, form::FromFormData, html, prelude::*};
use leptos_meta::Title;

use super::path_param;
use crate::{
    api::{
        UiError,
        api_keys::{
            ApiKeyList, ApiKeyRow, CreateApiKey, CreateOwnApiKey, NewApiKey, RevokeApiKey,
            RevokeOwnApiKey, list_api_keys, list_own_api_keys,
        },
    },
    browser,
    components::{
        copy::CopyField,
        dialog::{CancelButton, ConfirmActions, Dialog, OpenButton},
        failure::{FormFailure, error_of, problems_of},
        field::{PickField, SelectField, TextField},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
};

const DIALOG: &str = "new-api-key";
const SHOWN: &str = "api-key";

const EXPIRIES: &[(&str, &str)] = &[
    ("30", "In 30 days"),
    ("90", "In 90 days"),
    ("366", "In a year"),
    ("0", "Never"),
];

/// The keys of a project.
#[component]
pub fn ApiKeysPage() -> impl IntoView {
    let project_id = path_param("project_id");
    let create = ServerAction::<CreateApiKey>::new();
    let revoke = ServerAction::<RevokeApiKey>::new();
    let list = Resource::new(
        move || {
            (
                project_id.get(),
                create.version().get(),
                revoke.version().get(),
            )
        },
        |(project_id, ..)| list_api_keys(project_id),
    );
    let make = NewKey::of(create);
    let end = move |key: ApiKeyRow| {
        view! {
            <leptos::form::ActionForm action=revoke>
                <input type="hidden" name="project_id" value=project_id.get_untracked() />
                <Revoke key />
            </leptos::form::ActionForm>
        }
        .into_any()
    };
    view! {
        <Title text="API keys" />
        <FormFailure error=error_of(revoke.value()) fields=&[] />
        <Loaded
            from=list
            show=move |list| {
                view! {
                    <Keys
                        text="For programs that manage this project: they do with the REST API what its role may do, and in no other project."
                        make
                        project_id=Some(project_id.get_untracked())
                        list
                        end
                    />
                }
            }
        />
    }
    .into_any()
}

/// The keys of the reader's account.
#[component]
pub fn OwnApiKeysPage() -> impl IntoView {
    let create = ServerAction::<CreateOwnApiKey>::new();
    let revoke = ServerAction::<RevokeOwnApiKey>::new();
    let list = Resource::new(
        move || (create.version().get(), revoke.version().get()),
        |_| list_own_api_keys(),
    );
    let make = NewKey::of(create);
    let end = move |key: ApiKeyRow| {
        view! {
            <leptos::form::ActionForm action=revoke>
                <Revoke key />
            </leptos::form::ActionForm>
        }
        .into_any()
    };
    view! {
        <Title text="API keys" />
        <FormFailure error=error_of(revoke.value()) fields=&[] />
        <Loaded
            from=list
            show=move |list| {
                view! {
                    <Keys
                        text="For programs that act as you: in all of your projects, with at most the key's role, and with the role of owner they make projects."
                        make
                        project_id=None
                        list
                        end
                    />
                }
            }
        />
    }
    .into_any()
}

/// Making a key, whichever action does it.
#[derive(Clone, Copy)]
struct NewKey {
    submit: Callback<SubmitEvent>,
    forget: Callback<()>,
    made: Signal<Option<NewApiKey>>,
    error: Signal<Option<UiError>>,
    is_pending: Memo<bool>,
}

impl NewKey {
    fn of<S>(create: ServerAction<S>) -> Self
    where
        S: leptos::server_fn::ServerFn<Output = NewApiKey, Error = UiError>
            + leptos::server_fn::ServerFn
            + FromFormData
            + Clone
            + Send
            + Sync
            + 'static,
    {
        Self {
            submit: Callback::new(move |event: SubmitEvent| {
                event.prevent_default();
                if let Ok(wish) = S::from_event(&event) {
                    create.dispatch(wish);
                }
            }),
            forget: Callback::new(move |()| create.value().set(None)),
            made: Signal::derive(move || {
                create
                    .value()
                    .with(|value| value.as_ref()?.as_ref().ok().cloned())
            }),
            error: error_of(create.value()),
            is_pending: create.pending(),
        }
    }
}

#[component]
fn Keys<F>(
    text: &'static str,
    make: NewKey,
    project_id: Option<String>,
    list: ApiKeyList,
    end: F,
) -> impl IntoView
where
    F: Fn(ApiKeyRow) -> AnyView + Copy + Send + Sync + 'static,
{
    let is_empty = list.keys.is_empty();
    let rows = list
        .keys
        .into_iter()
        .map(|key| view! { <Row end=end(key.clone()) key /> })
        .collect_view();
    let shown = match is_empty {
        true => view! {
            <div class="empty">
                <h2>"No API key"</h2>
                <p>{text}</p>
                <p>
                    <a href="/docs/api">"API reference"</a>
                </p>
            </div>
        }
        .into_any(),
        false => view! { <ul class="rows">{rows}</ul> }.into_any(),
    };
    view! {
        <div class="page-head">
            <div>
                <h1>"API keys"</h1>
                <p>
                    {text} " " <a href="/docs/api">"API reference"</a>
                </p>
            </div>
            <Create make project_id roles=list.roles />
        </div>
        {shown}
        <ShownOnce make origin=list.origin />
    }
    .into_any()
}

#[component]
fn Row(key: ApiKeyRow, end: AnyView) -> impl IntoView {
    let ends = match (key.expires, key.has_expired) {
        (None, _) => view! { "no expiry" }.into_any(),
        (Some(when), false) => view! {
            "expires "
            <TimeAgo when />
        }
        .into_any(),
        (Some(when), true) => view! {
            "expired "
            <TimeAgo when />
        }
        .into_any(),
    };
    let used = match key.last_used {
        Some(when) => view! {
            "used "
            <TimeAgo when />
        }
        .into_any(),
        None => view! { "never used" }.into_any(),
    };
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{key.name}</span>
                    <span class="mono">{key.prefix} "…"</span>
                    <span class="badge">{key.role}</span>
                    {key
                        .has_expired
                        .then(|| view! { <span class="badge badge-bad">"expired"</span> })}
                </div>
                <span class="row-sub row-sub-whole">
                    {used} " · made " <TimeAgo when=key.created /> " by " {key.made_by}
                    {key.by_key.then_some(", with a key")} " · " {ends}
                </span>
            </div>
            {end}
        </li>
    }
    .into_any()
}

/// The inside of a form that ends a key: asks first.
#[component]
fn Revoke(key: ApiKeyRow) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let dialog = format!("revoke-{}", key.id);
    view! {
        <input type="hidden" name="key_id" value=key.id />
        <OpenButton dialog=dialog.clone() node class="btn btn-small">
            "Revoke"
        </OpenButton>
        <Dialog id=dialog.clone() title=format!("Revoke {}?", key.name) node>
            <p>"Programs that use it get 401 from their next request on. Keys and open invitations that it made end with it."</p>
            <ConfirmActions dialog node confirm="Revoke it" />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Create(make: NewKey, project_id: Option<String>, roles: Vec<String>) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let problems = problems_of(make.error);
    let is_ready = browser::arrived();
    Effect::new(move |_| {
        if make.made.with(Option::is_some) {
            browser::close(dialog);
        }
    });
    let roles = roles
        .into_iter()
        .map(|role| (role.clone(), role))
        .collect::<Vec<_>>();
    view! {
        <OpenButton dialog=DIALOG node=dialog class="btn btn-primary">
            "New API key"
        </OpenButton>
        <Dialog id=DIALOG title="New API key" node=dialog>
            <form class="stack" on:submit=move |event| make.submit.run(event)>
                {project_id.map(|id| view! { <input type="hidden" name="project_id" value=id /> })}
                <FormFailure error=make.error fields=&["name", "role", "expires_in_days"] />
                <TextField
                    label="Name"
                    field="name"
                    placeholder="Nightly import"
                    hint="What uses it, so that you know later what stops when you revoke it."
                    problems
                />
                <div class="two">
                    <PickField
                        label="Role"
                        field="role"
                        name="role"
                        value="developer".to_owned()
                        options=roles
                        problems
                    />
                    <SelectField
                        label="Expires"
                        field="expires_in_days"
                        value="90"
                        options=EXPIRIES
                        problems
                    />
                </div>
                <div class="dialog-actions">
                    <CancelButton dialog=DIALOG node=dialog />
                    <button
                        type="submit"
                        class="btn btn-primary"
                        disabled=move || !is_ready.get() || make.is_pending.get()
                    >
                        "Make the key"
                    </button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

/// The new key, until somebody says that it is saved.
#[component]
fn ShownOnce(make: NewKey, origin: String) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if make.made.with(Option::is_some) {
            browser::open(node);
        }
    });
    view! {
        <Dialog id=SHOWN title="Your API key" node>
            <div class="notice notice-warn">
                <strong>"It is shown only now. "</strong>
                "Copy it before you close this; if it is lost, revoke it and make another."
            </div>
            {move || {
                make.made
                    .get()
                    .map(|made| {
                        let example = format!(
                            "curl -H \"Authorization: Bearer {}\" {}/api/v1/account",
                            made.key,
                            origin,
                        );
                        view! {
                            <CopyField label="API key" value=made.key testid="api-key" />
                            <CopyField label="Try it" value=example />
                        }
                    })
            }}
            <div class="dialog-actions">
                <button
                    type="button"
                    class="btn btn-primary"
                    on:click=move |_| {
                        browser::close(node);
                        make.forget.run(());
                    }
                >
                    "I have saved it"
                </button>
            </div>
        </Dialog>
    }
    .into_any()
}
