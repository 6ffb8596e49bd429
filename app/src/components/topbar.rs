//! The bar on top of every page: where one can go, and who one is.

use leptos::prelude::*;
use leptos_router::components::A;

use super::logo::Brand;
use crate::api::account::{Me, load_me};

#[component]
pub fn TopBar() -> impl IntoView {
    let me = Resource::new(|| (), |()| load_me());
    view! {
        <header class="topbar">
            <div class="topbar-in">
                <a href="/projects" class="brand">
                    <Brand />
                </a>
                <nav class="topnav" aria-label="Main">
                    <A href="/projects">"Projects"</A>
                    <A href="/docs">"Docs"</A>
                    <Transition>
                        {move || Suspend::new(async move {
                            let is_owner = matches!(me.await, Ok(Some(me)) if me.is_instance_owner);
                            is_owner.then(|| view! { <A href="/instance">"Instance"</A> })
                        })}
                    </Transition>
                </nav>
                <div class="whoami">
                    <Transition>
                        {move || Suspend::new(async move {
                            match me.await {
                                Ok(Some(me)) => view! { <SignedIn me /> }.into_any(),
                                Ok(None) => view! { <SignedOut /> }.into_any(),
                                Err(_) => ().into_any(),
                            }
                        })}
                    </Transition>
                </div>
            </div>
        </header>
    }
    .into_any()
}

/// Signing out is a plain form: it works without wasm, and the page it leads to is a fresh one.
#[component]
fn SignedIn(me: Me) -> impl IntoView {
    view! {
        <A href="/account" attr:class="whoami-email" attr:title="Your account">
            {me.email}
        </A>
        <form method="post" action="/sign-out">
            <input type="hidden" name="csrf" value=me.csrf />
            <button type="submit" class="btn btn-small">
                "Sign out"
            </button>
        </form>
    }
}

#[component]
fn SignedOut() -> impl IntoView {
    // `external`: these pages are the server's own and not the router's.
    view! {
        <a class="btn btn-small" href="/sign-in" rel="external">
            "Sign in"
        </a>
    }
}
