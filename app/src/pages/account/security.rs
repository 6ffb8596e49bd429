//! Ways into the account: passkeys, the authenticator app, recovery codes, accounts elsewhere.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;

use crate::{
    api::audit::account_audit,
    api::profile::{
        IdentityRow, PasskeyRow, RemovePasskey, RemoveTotp, RenamePasskey, Security,
        UnlinkIdentity, load_security,
    },
    components::{
        audit::AuditRows,
        dialog::{CancelButton, ConfirmActions, Dialog, OpenButton},
        failure::{FormFailure, error_of},
        field::TextField,
        loaded::Loaded,
        time_ago::TimeAgo,
    },
    counted::counted,
    pages::query_param,
};

/// What the page's forms do.
#[derive(Clone, Copy)]
struct Actions {
    rename: ServerAction<RenamePasskey>,
    remove: ServerAction<RemovePasskey>,
    remove_totp: ServerAction<RemoveTotp>,
    unlink: ServerAction<UnlinkIdentity>,
}

#[component]
pub fn SecurityPage() -> impl IntoView {
    let actions = Actions {
        rename: ServerAction::new(),
        remove: ServerAction::new(),
        remove_totp: ServerAction::new(),
        unlink: ServerAction::new(),
    };
    let security = Resource::new(
        move || {
            (
                actions.rename.version().get(),
                actions.remove.version().get(),
                actions.remove_totp.version().get(),
                actions.unlink.version().get(),
            )
        },
        |_| load_security(),
    );
    let before = query_param("before");
    let audit = Resource::new(move || before.get(), account_audit);
    view! {
        <Title text="Security" />
        <h1 class="sr-only">"Security"</h1>
        <div class="stack">
            <FormFailure error=error_of(actions.rename.value()) fields=&[] />
            <FormFailure error=error_of(actions.remove.value()) fields=&[] />
            <FormFailure error=error_of(actions.remove_totp.value()) fields=&[] />
            <FormFailure error=error_of(actions.unlink.value()) fields=&[] />
            <Loaded from=security show=move |security| view! { <Ways actions security /> } />
            <section class="stack-tight" aria-labelledby="what-happened">
                <h2 id="what-happened">"Recent activity"</h2>
                <p class="quiet">"What you did, and what was done to your account. Was something not you? Remove the ways to sign in that you do not know, change your password, and sign out everywhere else."</p>
                <Loaded
                    from=audit
                    show=|page| view! { <AuditRows path="/account/security" page /> }
                />
            </section>
        </div>
    }
    .into_any()
}

#[component]
fn Ways(actions: Actions, security: Security) -> impl IntoView {
    let has_elsewhere = !security.identities.is_empty() || !security.providers.is_empty();
    view! {
        {security
            .asked_by
            .clone()
            .map(|who| {
                view! {
                    <div class="notice notice-warn">
                        {format!(
                            "{who} asks for a second factor. Add a passkey or an authenticator app, and your projects open.",
                        )}
                    </div>
                }
            })}
        {(!security.is_fresh)
            .then(|| {
                view! {
                    <p class="notice">
                        "To change something here, "
                        <a href="/confirm?next=/account/security" rel="external">
                            "confirm that it is you"
                        </a> " first."
                    </p>
                }
            })}
        <Passkeys actions security=security.clone() />
        <Authenticator actions security=security.clone() />
        {has_elsewhere.then(|| view! { <Elsewhere actions security /> })}
    }
    .into_any()
}

#[component]
fn Passkeys(actions: Actions, security: Security) -> impl IntoView {
    let is_empty = security.passkeys.is_empty();
    let rows = security
        .passkeys
        .into_iter()
        .map(|passkey| view! { <PasskeyItem actions passkey /> })
        .collect_view();
    let add = match security.no_passkeys {
        Some(why) => view! { <p class="hint">{why}</p> }.into_any(),
        None => view! { <AddPasskey csrf=security.csrf is_fresh=security.is_fresh /> }.into_any(),
    };
    view! {
        <section class="card stack" aria-labelledby="passkeys">
            <h2 id="passkeys">"Passkeys"</h2>
            <p class="quiet">
                "Sign in with your fingerprint, your face or a security key: nothing to type, and nothing that could be phished."
            </p>
            {(!is_empty).then(|| view! { <ul class="rows">{rows}</ul> })}
            {add}
        </section>
    }
    .into_any()
}

/// A plain form that `/passkeys.js` fills in.
#[component]
fn AddPasskey(csrf: String, is_fresh: bool) -> impl IntoView {
    view! {
        <form
            method="post"
            action="/account/passkeys"
            class="stack-tight"
            data-passkey="create"
            data-begin="/account/passkeys/challenge"
            hidden
        >
            <input type="hidden" name="csrf" value=csrf />
            <input type="hidden" name="credential" />
            <TextField
                label="Name of the new passkey"
                field="name"
                id="passkey-name"
                placeholder="MacBook"
                hint="So that you know later which one it is."
            />
            <div class="notice notice-bad" role="alert" data-problem hidden></div>
            <div>
                <button type="submit" class="btn btn-primary" disabled=!is_fresh>
                    "Add a passkey"
                </button>
            </div>
        </form>
        <noscript>
            <p class="hint">"Passkeys need JavaScript."</p>
        </noscript>
    }
    .into_any()
}

#[component]
fn PasskeyItem(actions: Actions, passkey: PasskeyRow) -> impl IntoView {
    let rename = NodeRef::<html::Dialog>::new();
    let remove = NodeRef::<html::Dialog>::new();
    let rename_id = format!("rename-{}", passkey.id);
    let remove_id = format!("remove-{}", passkey.id);
    let (id, name) = (passkey.id.clone(), passkey.name.clone());
    let title = format!("Remove {name}?");
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{passkey.name.clone()}</span>
                    {passkey
                        .is_suspended
                        .then(|| {
                            view! {
                                <span class="badge badge-bad">"suspended: it may have been copied"</span>
                            }
                        })}
                </div>
                {passkey
                    .is_suspended
                    .then(|| {
                        view! {
                            <span class="row-sub row-sub-whole">
                                "It signs nobody in any more. Remove it, and add a new passkey on your device."
                            </span>
                        }
                    })}
                <span class="row-sub row-sub-whole">
                    "added " <TimeAgo when=passkey.created />
                    {passkey
                        .last_used
                        .map(|when| {
                            view! {
                                " · used "
                                <TimeAgo when />
                            }
                        })}
                </span>
            </div>
            <OpenButton dialog=rename_id.clone() node=rename class="btn btn-small">
                "Rename"
            </OpenButton>
            <OpenButton dialog=remove_id.clone() node=remove class="btn btn-small">
                "Remove"
            </OpenButton>
            <Dialog id=rename_id.clone() title="Rename the passkey" node=rename>
                <ActionForm action=actions.rename attr:class="stack">
                    <input type="hidden" name="passkey_id" value=id.clone() />
                    <label class="field">
                        "Name"
                        <input class="input" name="name" value=name required />
                    </label>
                    <div class="dialog-actions">
                        <CancelButton dialog=rename_id node=rename />
                        <button type="submit" class="btn btn-primary">
                            "Rename"
                        </button>
                    </div>
                </ActionForm>
            </Dialog>
            <Dialog id=remove_id.clone() title node=remove>
                <p>"It no longer signs you in. Your device may keep its copy: delete it there too."</p>
                <ActionForm action=actions.remove>
                    <input type="hidden" name="passkey_id" value=passkey.id />
                    <ConfirmActions dialog=remove_id node=remove confirm="Remove it" />
                </ActionForm>
            </Dialog>
        </li>
    }
    .into_any()
}

#[component]
fn Authenticator(actions: Actions, security: Security) -> impl IntoView {
    const REMOVE: &str = "remove-authenticator";
    const CODES: &str = "new-recovery-codes";
    let remove = NodeRef::<html::Dialog>::new();
    let codes = NodeRef::<html::Dialog>::new();
    let has_factor = security.totp_since.is_some() || !security.passkeys.is_empty();
    let after = match security
        .passkeys
        .iter()
        .any(|passkey| !passkey.is_suspended)
    {
        true => "After your password you are asked for a passkey or a recovery code.",
        false => "Your password alone signs you in then, and your recovery codes end.",
    };
    let app = match security.totp_since {
        Some(when) => view! {
            <p class="cluster">
                <span class="badge badge-ok">"on"</span>
                <span class="quiet">"since " <TimeAgo when /></span>
                <OpenButton dialog=REMOVE node=remove class="btn btn-small">
                    "Remove"
                </OpenButton>
            </p>
            <Dialog id=REMOVE title="Remove the authenticator app?" node=remove>
                <p>{after}</p>
                <ActionForm action=actions.remove_totp>
                    <ConfirmActions dialog=REMOVE node=remove confirm="Remove it" />
                </ActionForm>
            </Dialog>
        }
        .into_any(),
        None => view! {
            <div>
                <a class="btn" href="/account/authenticator" rel="external">
                    "Add an authenticator app"
                </a>
            </div>
        }
        .into_any(),
    };
    let left = match security.recovery_codes {
        0 => "You have no recovery codes.".to_owned(),
        count => format!(
            "{} left.",
            counted(
                usize::try_from(count).unwrap_or_default(),
                "recovery code is",
                "recovery codes are"
            )
        ),
    };
    view! {
        <section class="card stack" aria-labelledby="authenticator">
            <h2 id="authenticator">"Authenticator app"</h2>
            <p class="quiet">
                "A second factor: six digits from your phone, asked for after your password."
            </p>
            {app}
            {has_factor
                .then(|| {
                    view! {
                        <div class="setting">
                            <div class="setting-head">
                                <h3>"Recovery codes"</h3>
                            </div>
                            <p class="quiet">
                                {left} " Each stands in once for your password or for the second factor."
                            </p>
                            <div>
                                <OpenButton dialog=CODES node=codes class="btn btn-small">
                                    "Make new codes"
                                </OpenButton>
                            </div>
                            <Dialog id=CODES title="Make new recovery codes?" node=codes>
                                <p>"They are shown once. Earlier codes stop working."</p>
                                <form method="post" action="/account/recovery-codes">
                                    <input type="hidden" name="csrf" value=security.csrf />
                                    <ConfirmActions
                                        dialog=CODES
                                        node=codes
                                        confirm="Make new codes"
                                    />
                                </form>
                            </Dialog>
                        </div>
                    }
                })}
        </section>
    }
    .into_any()
}

#[component]
fn Elsewhere(actions: Actions, security: Security) -> impl IntoView {
    let linked = security
        .identities
        .into_iter()
        .map(|identity| view! { <Identity actions identity /> })
        .collect_view();
    let csrf = security.csrf;
    let more = security
        .providers
        .into_iter()
        .map(|(id, name)| {
            view! {
                <form method="post" action=format!("/sign-in/with/{id}")>
                    <input type="hidden" name="csrf" value=csrf.clone() />
                    <input type="hidden" name="purpose" value="link" />
                    <button type="submit" class="btn">
                        {format!("Link {name}")}
                    </button>
                </form>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="elsewhere">
            <h2 id="elsewhere">"Linked accounts"</h2>
            <p class="quiet">"With these you sign in here, too."</p>
            <ul class="rows rows-plain">{linked}</ul>
            <div class="cluster">{more}</div>
        </section>
    }
    .into_any()
}

#[component]
fn Identity(actions: Actions, identity: IdentityRow) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let dialog = format!("unlink-{}", identity.provider_id);
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{identity.provider.clone()}</span>
                    {identity.email.map(|email| view! { <span class="quiet">{email}</span> })}
                </div>
                <span class="row-sub row-sub-whole">
                    "linked " <TimeAgo when=identity.since />
                    {identity
                        .last_used
                        .map(|when| {
                            view! {
                                " · used "
                                <TimeAgo when />
                            }
                        })}
                </span>
            </div>
            <OpenButton dialog=dialog.clone() node class="btn btn-small">
                "Unlink"
            </OpenButton>
            <Dialog
                id=dialog.clone()
                title=format!("Unlink your account at {}?", identity.provider)
                node
            >
                <p>"It no longer signs you in."</p>
                <ActionForm action=actions.unlink>
                    <input type="hidden" name="provider_id" value=identity.provider_id />
                    <input type="hidden" name="subject" value=identity.subject />
                    <ConfirmActions dialog node confirm="Unlink it" />
                </ActionForm>
            </Dialog>
        </li>
    }
    .into_any()
}
