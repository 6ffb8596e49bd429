//! The bar on top of every page: where one can go, and who one is.

use leptos::prelude::*;
use leptos_router::components::A;

use super::{
    button::LinkButton,
    loaded::begun,
    logo::Brand,
    palette::SearchLink,
    user_menu::{UserMenu, VisitorMenu},
};
use crate::api::account::load_me;

#[component]
pub fn TopBar() -> impl IntoView {
    let me = begun(load_me());
    Suspend::new(async move {
        let me = me.await;
        let is_owner = matches!(&me, Ok(Some(me)) if me.is_instance_owner);
        let whoami = match me {
            Ok(Some(me)) => view! { <UserMenu me /> }.into_any(),
            Ok(None) => view! { <SignedOut /> }.into_any(),
            Err(_) => ().into_any(),
        };
        view! {
            <header class="topbar">
                <div class="topbar-in">
                    <a href="/projects" class="brand">
                        <Brand />
                    </a>
                    <nav class="topnav" aria-label="Main">
                        <A href="/projects">"Projects"</A>
                        <A href="/docs">"Docs"</A>
                        {is_owner.then(|| view! { <A href="/instance">"Instance"</A> })}
                    </nav>
                    <div class="topbar-tools">
                        <SearchLink />
                        {whoami}
                    </div>
                </div>
            </header>
        }
    })
    .into_any()
}

#[component]
fn SignedOut() -> impl IntoView {
    view! {
        <VisitorMenu />
        <LinkButton href="/sign-in" is_small=true>
            "Sign in"
        </LinkButton>
    }
}
