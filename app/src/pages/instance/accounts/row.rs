//! An account, and what an owner may do about it.

use leptos::{
    ev::SubmitEvent,
    form::{ActionForm, FromFormData},
    html,
    prelude::*,
};

use super::Actions;
use crate::{
    api::instance::accounts::{AccountRow, MakeResetLink},
    browser,
    components::{
        dialog::{CancelButton, ConfirmActions, Dialog, OpenButton},
        failure::{FormFailure, error_of},
        field::CheckField,
        time_ago::TimeAgo,
    },
    counted::counted,
    pages::members::invite::Made,
};

#[component]
pub(super) fn Row(actions: Actions, account: AccountRow) -> impl IntoView {
    let badges = [
        account.is_me.then_some(("you", "badge badge-ok")),
        account
            .is_instance_owner
            .then_some(("owner of the instance", "badge")),
        account
            .is_disabled
            .then_some(("disabled", "badge badge-bad")),
        account
            .has_second_factor
            .then_some(("second factor", "badge")),
        account.is_verified.then_some(("verified", "badge")),
    ];
    let badges = badges
        .into_iter()
        .flatten()
        .map(|(text, class)| view! { <span class=class>{text}</span> })
        .collect_view();
    let projects = usize::try_from(account.projects).unwrap_or_default();
    view! {
        <li class="row row-wrap">
            <div class="row-main">
                <div class="row-title">
                    <span>{account.email.clone()}</span>
                    {badges}
                </div>
                <span class="row-sub row-sub-whole">
                    {counted(projects, "project", "projects")} " · made "
                    <TimeAgo when=account.created.clone() />
                    {account
                        .last_used
                        .clone()
                        .map(|when| {
                            view! {
                                " · seen "
                                <TimeAgo when />
                            }
                        })} {(!account.has_password).then_some(" · no password")}
                </span>
            </div>
            <Manage actions account />
        </li>
    }
    .into_any()
}

#[component]
fn Manage(actions: Actions, account: AccountRow) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let dialog = format!("manage-{}", account.id);
    let id = account.id.clone();
    let email = account.email.clone();
    let label = format!("Manage {}", account.email);
    let disable = (!account.is_me).then(|| match account.is_disabled {
        false => view! { <Disable actions account=account.clone() /> }.into_any(),
        true => view! {
            <ActionForm action=actions.enable>
                <input type="hidden" name="user_id" value=id.clone() />
                <button type="submit" class="btn" on:click=move |_| browser::close(node)>
                    "Enable the account"
                </button>
            </ActionForm>
        }
        .into_any(),
    });
    view! {
        <OpenButton dialog=dialog.clone() node class="btn btn-small">
            <span aria-label=label>"Manage"</span>
        </OpenButton>
        <Dialog id=dialog.clone() title=email node>
            <div class="stack">
                <ResetLink account=account.clone() />
                <SignOut actions account=account.clone() />
                <Ownership actions account />
                {disable}
                <div class="dialog-actions">
                    <CancelButton dialog node />
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}

#[component]
fn SignOut(actions: Actions, account: AccountRow) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let dialog = format!("sign-out-{}", account.id);
    let (title, text) = match account.is_me {
        true => (
            "Sign yourself out everywhere?".to_owned(),
            "Every browser that you are signed in with is signed out, this one too.",
        ),
        false => (
            format!("Sign {} out everywhere?", account.email),
            "Every browser that they are signed in with is signed out. They can sign in again; their keys and the clients that they connected go on.",
        ),
    };
    view! {
        <div>
            <OpenButton dialog=dialog.clone() node>
                "Sign out everywhere"
            </OpenButton>
        </div>
        <Dialog id=dialog.clone() title node>
            <p>{text}</p>
            <ActionForm action=actions.sign_out>
                <input type="hidden" name="user_id" value=account.id />
                <ConfirmActions dialog node confirm="Sign out everywhere" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

/// Making somebody an owner of the instance, or none.
#[component]
fn Ownership(actions: Actions, account: AccountRow) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let dialog = format!("own-{}", account.id);
    let AccountRow { id, email, .. } = account;
    let (button, title, text) = match (account.is_instance_owner, account.is_me) {
        (false, _) => (
            "Make an owner of the instance",
            format!("Make {email} an owner of the instance?"),
            "They decide about every account, yours too, and about how people sign in. It opens no project to them.",
        ),
        (true, false) => (
            "Take ownership of the instance away",
            format!("Take ownership of the instance away from {email}?"),
            "They no longer see these pages. Their account and their projects stay.",
        ),
        (true, true) => (
            "Give up ownership of the instance",
            "Give up ownership of the instance?".to_owned(),
            "You no longer see these pages. Your account and your projects stay.",
        ),
    };
    view! {
        <div>
            <OpenButton dialog=dialog.clone() node>
                {button}
            </OpenButton>
        </div>
        <Dialog id=dialog.clone() title node>
            <p>{text}</p>
            <ActionForm action=actions.set_owner>
                <input type="hidden" name="user_id" value=id />
                <input
                    type="hidden"
                    name="is_owner"
                    value=(!account.is_instance_owner).to_string()
                />
                <ConfirmActions dialog node confirm=button />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Disable(actions: Actions, account: AccountRow) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let dialog = format!("disable-{}", account.id);
    view! {
        <div>
            <OpenButton dialog=dialog.clone() node class="btn btn-danger">
                "Disable the account"
            </OpenButton>
        </div>
        <Dialog id=dialog.clone() title=format!("Disable {}?", account.email) node>
            <p>
                "They are signed out everywhere and cannot sign in; their keys and the clients that they connected are refused. Enabling the account gives all of it back."
            </p>
            <ActionForm action=actions.disable>
                <input type="hidden" name="user_id" value=account.id />
                <ConfirmActions dialog node confirm="Disable it" />
            </ActionForm>
        </Dialog>
    }
    .into_any()
}

/// Makes a link by which the person sets a new password, and shows it once.
#[component]
fn ResetLink(account: AccountRow) -> impl IntoView {
    let make = ServerAction::<MakeResetLink>::new();
    let is_ready = browser::arrived();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Ok(wish) = MakeResetLink::from_event(&event) {
            make.dispatch(wish);
        }
    };
    let made = move || {
        make.value()
            .with(|value| value.as_ref()?.as_ref().ok().cloned())
    };
    view! {
        <form class="stack-tight" on:submit=submit>
            <input type="hidden" name="user_id" value=account.id.clone() />
            <input type="hidden" name="removes_second_factor" value="false" />
            <FormFailure error=error_of(make.value()) fields=&[] />
            <strong>"A link for a new password"</strong>
            <CheckField
                label="It removes the second factor too"
                field="removes"
                name="removes_second_factor"
                is_checked=false
                hint="For a person who lost phone, passkeys and recovery codes. Be sure who asks."
            />
            <div>
                <button
                    type="submit"
                    class="btn"
                    disabled=move || !is_ready.get() || make.pending().get()
                >
                    "Make the link"
                </button>
            </div>
            {move || {
                made().map(|link| view! { <Made label="Reset link" testid="reset-link" link /> })
            }}
        </form>
    }
    .into_any()
}
