//! What an owner of the instance may do about an account.

use leptos::prelude::*;

use crate::{
    api::instance::accounts::{
        AccountRow, DisableAccount, EnableAccount, MakeResetLink, SetInstanceOwner, SignOutAccount,
    },
    components::{
        button::{Button, ButtonKind, LinkButton},
        dialog::{ConfirmActions, Dialog, OpenButton},
        failure::FormFailure,
        field::CheckField,
        form::{Form, SentForm, sent},
        list_query::Asked,
    },
    pages::members::invite::LinkMade,
};

/// The dialog, open because the address names the account.
#[component]
pub(super) fn Manage(asked: Asked, account: AccountRow) -> impl IntoView {
    let back = asked.link();
    let disable = (!account.is_me).then(|| match account.is_disabled {
        false => view! { <Disable account=account.clone() /> }.into_any(),
        true => view! { <Enable account=account.clone() /> }.into_any(),
    });
    view! {
        <Dialog id="manage" title=account.email.clone() is_open=true back=back.clone()>
            <div class="stack">
                <ResetLink account=account.clone() next=back.clone() />
                <SignOut account=account.clone() />
                <Ownership account />
                {disable}
                <div class="dialog-actions">
                    // The list without it.
                    <LinkButton href=back is_button=true>
                        "Close"
                    </LinkButton>
                </div>
            </div>
        </Dialog>
    }
    .into_any()
}

/// Makes a link by which the person sets a new password, and shows it once.
#[component]
fn ResetLink(account: AccountRow, next: String) -> impl IntoView {
    let make = sent::<MakeResetLink>();
    let made = make.value().map(|link| {
        view! {
            <LinkMade
                id="reset-link"
                title="Reset link created"
                label="Reset link"
                testid="reset-link"
                link
                next
            />
        }
    });
    view! {
        <Form of=&make class="stack-tight" shows=true>
            <input type="hidden" name="user_id" value=account.id />
            <FormFailure />
            <strong>"A link for a new password"</strong>
            <CheckField
                label="It removes the second factor too"
                field="removes"
                name="removes_second_factor"
                is_checked=false
                hint="For a person who lost phone, passkeys and recovery codes. Be sure who asks."
            />
            <div>
                <Button>
                    "Create link"
                </Button>
            </div>
        </Form>
        {made}
    }
    .into_any()
}

/// An act that asks before it is done: the button, and the dialog that it opens.
#[component]
fn Asked(
    /// Of the dialog.
    id: &'static str,
    #[prop(into)] of: SentForm,
    account: AccountRow,
    button: &'static str,
    #[prop(optional)] kind: ButtonKind,
    title: String,
    text: &'static str,
    confirm: &'static str,
    done: &'static str,
    /// What the form says besides.
    #[prop(optional, into)]
    says: Option<AnyView>,
) -> impl IntoView {
    view! {
        <div>
            <OpenButton dialog=id kind>
                {button}
            </OpenButton>
        </div>
        <Dialog id title of=of.clone()>
            <p>{text}</p>
            <Form of class="stack" done>
                <FormFailure />
                <input type="hidden" name="user_id" value=account.id />
                {says}
                <ConfirmActions dialog=id confirm />
            </Form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn SignOut(account: AccountRow) -> impl IntoView {
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
    let sign_out = sent::<SignOutAccount>();
    view! {
        <Asked
            id="sign-out"
            of=&sign_out
            account
            button="Sign out everywhere"
            title
            text
            confirm="Sign out everywhere"
            done="Signed out everywhere."
        />
    }
    .into_any()
}

/// Making somebody an owner of the instance, or none.
#[component]
fn Ownership(account: AccountRow) -> impl IntoView {
    let email = &account.email;
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
    let wish = (!account.is_instance_owner).to_string();
    let says = view! { <input type="hidden" name="is_owner" value=wish /> };
    let set = sent::<SetInstanceOwner>();
    view! {
        <Asked
            id="own"
            of=&set
            account
            button
            title
            text
            confirm=button
            done="Done."
            says=says.into_any()
        />
    }
    .into_any()
}

#[component]
fn Disable(account: AccountRow) -> impl IntoView {
    let title = format!("Disable {}?", account.email);
    let disable = sent::<DisableAccount>();
    view! {
        <Asked
            id="disable"
            of=&disable
            account
            button="Disable the account"
            kind=ButtonKind::Danger
            title
            text="They are signed out everywhere and cannot sign in; their keys and the clients that they connected are refused. Enabling the account gives all of it back."
            confirm="Disable it"
            done="The account is disabled."
        />
    }
    .into_any()
}

#[component]
fn Enable(account: AccountRow) -> impl IntoView {
    let enable = sent::<EnableAccount>();
    view! {
        <Form of=&enable class="stack-tight" done="The account is enabled.">
            <FormFailure />
            <input type="hidden" name="user_id" value=account.id />
            <div>
                <Button>
                    "Enable the account"
                </Button>
            </div>
        </Form>
    }
    .into_any()
}
