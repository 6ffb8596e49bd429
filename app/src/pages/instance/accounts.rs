//! The accounts of the instance: who has one, and what an owner may do about it.

mod invite;
mod row;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;

use crate::{
    api::instance::accounts::{
        AccountList, DisableAccount, EnableAccount, RevokeInstanceInvitation, SetInstanceOwner,
        SignOutAccount, list_accounts,
    },
    components::{
        failure::{FormFailure, error_of},
        loaded::Loaded,
        time_ago::TimeAgo,
    },
    pages::query_param,
};
use invite::InviteToInstance;

/// What the rows' forms do.
#[derive(Clone, Copy)]
struct Actions {
    disable: ServerAction<DisableAccount>,
    enable: ServerAction<EnableAccount>,
    sign_out: ServerAction<SignOutAccount>,
    set_owner: ServerAction<SetInstanceOwner>,
    revoke: ServerAction<RevokeInstanceInvitation>,
}

#[component]
pub fn AccountsPage() -> impl IntoView {
    let actions = Actions {
        disable: ServerAction::new(),
        enable: ServerAction::new(),
        sign_out: ServerAction::new(),
        set_owner: ServerAction::new(),
        revoke: ServerAction::new(),
    };
    // Counts the invitations that were made on this page.
    let invited = RwSignal::new(0_u32);
    let text = query_param("text");
    let before = query_param("before");
    let list = Resource::new(
        move || {
            let versions = (
                actions.disable.version().get(),
                actions.enable.version().get(),
                actions.sign_out.version().get(),
                actions.set_owner.version().get(),
                actions.revoke.version().get(),
                invited.get(),
            );
            (text.get(), before.get(), versions)
        },
        |(text, before, _)| list_accounts(text, before),
    );
    view! {
        <Title text="Accounts" />
        <div class="stack">
            <FormFailure error=error_of(actions.disable.value()) fields=&[] />
            <FormFailure error=error_of(actions.enable.value()) fields=&[] />
            <FormFailure error=error_of(actions.sign_out.value()) fields=&[] />
            <FormFailure error=error_of(actions.set_owner.value()) fields=&[] />
            <FormFailure error=error_of(actions.revoke.value()) fields=&[] />
            <Loaded
                from=list
                show=move |list| {
                    view! { <Accounts actions invited text=text.get_untracked() list /> }
                }
            />
        </div>
    }
    .into_any()
}

#[component]
fn Accounts(
    actions: Actions,
    invited: RwSignal<u32>,
    text: Option<String>,
    list: AccountList,
) -> impl IntoView {
    let is_empty = list.accounts.is_empty();
    let rows = list
        .accounts
        .into_iter()
        .map(|account| view! { <row::Row actions account /> })
        .collect_view();
    let text = text.unwrap_or_default();
    let older = list.older.map(|before| {
        let text = leptos_router::location::Url::escape(&text);
        view! {
            <p>
                <a href=format!("/instance/accounts?text={text}&before={before}")>"Older"</a>
            </p>
        }
    });
    let invitations = list
        .invitations
        .into_iter()
        .map(|one| {
            let whom = one.email.clone().unwrap_or_else(|| {
                format!(
                    "Whoever has the link: {} of {} used",
                    one.uses, one.most_uses
                )
            });
            view! {
                <li class="row row-wrap">
                    <div class="row-main">
                        <div class="row-title">
                            <span>{whom}</span>
                            <span class="badge" class:badge-ok=one.is_open>
                                {one.state}
                            </span>
                        </div>
                        <span class="row-sub row-sub-whole">
                            "made " <TimeAgo when=one.created /> " by " {one.created_by}
                        </span>
                    </div>
                    {one
                        .is_open
                        .then(|| {
                            view! {
                                <leptos::form::ActionForm action=actions.revoke>
                                    <input type="hidden" name="invitation_id" value=one.id />
                                    <button type="submit" class="btn btn-small">
                                        "Revoke"
                                    </button>
                                </leptos::form::ActionForm>
                            }
                        })}
                </li>
            }
        })
        .collect::<Vec<_>>();
    let invitations = (!invitations.is_empty()).then(|| {
        view! {
            <h2>"Invitations to the instance"</h2>
            <ul class="rows">{invitations}</ul>
        }
    });
    view! {
        <div class="page-head">
            <div>
                <h1>"Accounts"</h1>
                <p>"Everybody who can sign in here. Who is in which project is decided there."</p>
            </div>
            <InviteToInstance invited sends_mail=list.sends_mail />
        </div>
        <Form method="GET" action="/instance/accounts" attr:class="search">
            <input
                class="input"
                type="search"
                name="text"
                value=text.clone()
                placeholder="Part of an address"
                aria-label="Part of an address"
            />
            <button type="submit" class="btn">
                "Search"
            </button>
        </Form>
        {if is_empty {
            view! { <p class="quiet">"No account has that in its address."</p> }.into_any()
        } else {
            view! { <ul class="rows">{rows}</ul> }.into_any()
        }}
        {older}
        {invitations}
    }
    .into_any()
}
