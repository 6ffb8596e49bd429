//! Client ID, Server URLs and secrets of an integration, and rotating the secret.

use leptos::{html, prelude::*};

use super::one::Page;
use crate::{
    api::integrations::{IntegrationDetails, RotateSecret, SecretRow},
    browser,
    components::{
        copy::CopyField,
        dialog::{CancelButton, Dialog},
        one_time_secret::OneTimeSecret,
        time_ago::TimeAgo,
    },
};

const ROTATE: &str = "rotate-secret";

#[component]
pub fn Credentials(details: IntegrationDetails) -> impl IntoView {
    view! {
        <section class="card stack" aria-labelledby="credentials">
            <h2 id="credentials">"Credentials"</h2>
            <CopyField label="Client ID" value=details.client_id testid="client-id" />
            <div class="two">
                <div class="stack-tight">
                    <CopyField label="Server URL" value=details.server_url testid="server-url" />
                    <p class="hint">"The one to use: the Client ID says which integration it is."</p>
                </div>
                <div class="stack-tight">
                    <CopyField
                        label="Own Server URL"
                        value=details.own_server_url
                        testid="own-server-url"
                    />
                    <p class="hint">
                        "For a second connector in the same Claude, which takes each URL only once."
                    </p>
                </div>
            </div>
            {if details.is_public {
                view! {
                    <p class="quiet">"A public client: it has no secret, and approving is always asked for."</p>
                }
                    .into_any()
            } else {
                view! { <Secrets secrets=details.secrets may_manage=details.may_manage /> }.into_any()
            }}
        </section>
    }
    .into_any()
}

#[component]
fn Secrets(secrets: Vec<SecretRow>, may_manage: bool) -> impl IntoView {
    let rows = secrets
        .into_iter()
        .map(|secret| {
            view! {
                <li class="row">
                    <div class="row-main">
                        <code data-testid="secret-prefix">{secret.prefix} "…"</code>
                        <span class="row-sub">
                            "created " <TimeAgo when=secret.created /> " · "
                            {match secret.last_used {
                                Some(when) => {
                                    view! { <span>"last used " <TimeAgo when /></span> }.into_any()
                                }
                                None => view! { <span>"never used"</span> }.into_any(),
                            }}
                        </span>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="stack-tight">
            <h3>"Client Secret"</h3>
            <ul class="rows">{rows}</ul>
            <p class="hint">"It was shown once, and only its beginning is kept to tell it by. Lost it? Rotate it."</p>
            {may_manage
                .then(|| {
                    view! {
                        <div>
                            <button
                                type="button"
                                class="btn"
                                command="show-modal"
                                commandfor=ROTATE
                                on:click=|_| open_rotation()
                            >
                                "Rotate secret"
                            </button>
                        </div>
                    }
                })}
        </div>
    }
    .into_any()
}

/// The button is drawn afresh with what is loaded, and the dialog is not: they meet by its id.
fn open_rotation() {
    use wasm_bindgen::JsCast;
    if browser::obeys_commands() {
        return;
    }
    let dialog = document().get_element_by_id(ROTATE);
    if let Some(dialog) = dialog.and_then(|it| it.dyn_into::<web_sys::HtmlDialogElement>().ok()) {
        browser::show_modal(&dialog);
    }
}

/// The dialog that rotates, and the one that shows the new secret.
#[component]
pub fn Rotation(page: Page) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let rotate = page.rotate;
    let confirm = move |_| {
        browser::close(node);
        rotate.dispatch(RotateSecret {
            project_id: page.project_id.get_untracked(),
            integration_id: page.integration_id.get_untracked(),
        });
    };
    let fresh = Signal::derive(move || {
        rotate
            .value()
            .with(|value| value.as_ref()?.as_ref().ok().cloned())
    });
    view! {
        <Dialog id=ROTATE title="Rotate the Client Secret?" node>
            <p>
                <strong>"The old secret stops working at once. "</strong>
                "Live connections work until their access token expires, an hour at most, and then need the new secret: delete the connector in the client and add it again."
            </p>
            <div class="dialog-actions">
                <CancelButton dialog=ROTATE node />
                <button type="button" class="btn btn-danger" on:click=confirm>
                    "Rotate it now"
                </button>
            </div>
        </Dialog>
        <OneTimeSecret
            credentials=fresh
            title="Your new Client Secret"
            saved=Callback::new(move |_| rotate.value().set(None))
        />
    }
    .into_any()
}
