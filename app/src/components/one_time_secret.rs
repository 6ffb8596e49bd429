//! The dialog that shows a secret once.

use leptos::{html, prelude::*};

use super::copy::CopyField;
use crate::{api::integrations::create::Credentials, browser};

/// Open while there are credentials, and closed only by who says that they are saved. They are
/// passed on by value in memory, and the page forgets them when `saved` is called.
#[component]
pub fn OneTimeSecret(
    #[prop(into)] credentials: Signal<Option<Credentials>>,
    title: &'static str,
    /// Must make `credentials` empty.
    #[prop(into)]
    saved: Callback<Credentials>,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let is_open = move || credentials.with(Option::is_some);
    // However the browser closed it (a second Escape does), unsaved credentials are shown again.
    let stay = move || {
        if is_open()
            && let Some(dialog) = node.get()
        {
            browser::show_modal(&dialog);
        }
    };
    Effect::new(move |_| stay());
    warn_before_leaving(Signal::derive(is_open));

    let done = move |_| {
        if let Some(shown) = credentials.get_untracked() {
            saved.run(shown);
            browser::close(node);
        }
    };
    view! {
        <dialog
            class="dialog"
            node_ref=node
            closedby="none"
            aria-labelledby="one-time-secret-title"
            on:cancel=|event: leptos::ev::Event| event.prevent_default()
            on:close=move |_| untrack(stay)
        >
            <h2 id="one-time-secret-title">{title}</h2>
            <div class="dialog-body">
                {move || credentials.get().map(|shown| view! { <Shown shown /> })}
                <div class="dialog-actions">
                    <button
                        type="button"
                        class="btn"
                        on:click=move |_| {
                            if let Some(shown) = credentials.get_untracked() {
                                browser::download("tengine.env", &env_file(&shown));
                            }
                        }
                    >
                        "Download .env"
                    </button>
                    <button type="button" class="btn btn-primary" on:click=done>
                        "I have saved it"
                    </button>
                </div>
            </div>
        </dialog>
    }
    .into_any()
}

#[component]
fn Shown(shown: Credentials) -> impl IntoView {
    view! {
        {match shown.client_secret {
            Some(secret) => {
                view! {
                    <div class="notice notice-warn">
                        <strong>"The Client Secret is shown only now. "</strong>
                        "Copy or download it before you close this; if it is lost, it can only be rotated."
                    </div>
                    <CopyField label="Client ID" value=shown.client_id testid="client-id" />
                    <CopyField label="Client Secret" value=secret testid="client-secret" />
                }
                    .into_any()
            }
            None => {
                view! {
                    <div class="notice">
                        "This is a public client: it has no secret. Leave that field empty in your client."
                    </div>
                    <CopyField label="Client ID" value=shown.client_id testid="client-id" />
                }
                    .into_any()
            }
        }}
        <CopyField label="Server URL" value=shown.server_url testid="server-url" />
    }
    .into_any()
}

/// Ids, secrets and URLs hold no character that such a file would need to quote.
fn env_file(shown: &Credentials) -> String {
    let secret = shown.client_secret.as_deref().unwrap_or_default();
    format!(
        "TENGINE_CLIENT_ID={}\nTENGINE_CLIENT_SECRET={secret}\nTENGINE_SERVER_URL={}\n",
        shown.client_id, shown.server_url,
    )
}

/// Has the browser ask before the page is left, as long as `is_open`.
fn warn_before_leaving(is_open: Signal<bool>) {
    let listener = StoredValue::new(None::<WindowListenerHandle>);
    let stop = move || {
        if let Some(Some(listener)) = listener.try_update_value(Option::take) {
            listener.remove();
        }
    };
    Effect::new(move |_| {
        stop();
        if is_open.get() {
            listener.set_value(Some(window_event_listener_untyped(
                "beforeunload",
                |event| {
                    event.prevent_default();
                },
            )));
        }
    });
    on_cleanup(stop);
}
