//! The menu of whoever is signed in: their account, light or dark, the way out.

use leptos::prelude::*;

use super::menu::{Menu, MenuButton, MenuLabel, MenuLink};
use crate::{
    api::account::Me,
    ssr::answer,
    theme::{self, Theme},
};

#[component]
pub fn UserMenu(me: Me) -> impl IntoView {
    view! {
        <Menu id="user-menu" text=me.email about="Your menu" is_at_end=true>
            <MenuLink href="/account">"Your account"</MenuLink>
            <MenuLink href="/account/security">"Security"</MenuLink>
            <hr class="menu-line" />
            <Themes />
            <hr class="menu-line" />
            // A plain form: it works without wasm, and the page it leads to is a fresh one.
            <form method="post" action="/sign-out">
                <input type="hidden" name="csrf" value=me.csrf />
                <MenuButton>"Sign out"</MenuButton>
            </form>
        </Menu>
    }
    .into_any()
}

/// Of whoever is not signed in: what holds for their browser.
#[component]
pub fn VisitorMenu() -> impl IntoView {
    view! {
        <Menu id="user-menu" text="Theme" about="Looks" is_at_end=true>
            <Themes />
        </Menu>
    }
    .into_any()
}

/// A plain form as well, whose answer is a cookie and the same page.
#[component]
fn Themes() -> impl IntoView {
    let chosen = Theme::of_page();
    let choice = |theme: Option<Theme>, value, text| {
        view! {
            <MenuButton name=theme::NAME value=value is_pressed={chosen == theme}>
                {text}
            </MenuButton>
        }
    };
    view! {
        <form method="post" action="/theme">
            <input type="hidden" name=answer::PAGE value=answer::page() />
            <MenuLabel>"Theme"</MenuLabel>
            {choice(None, "system", "As my system has it")}
            {choice(Some(Theme::Light), "light", "Light")}
            {choice(Some(Theme::Dark), "dark", "Dark")}
        </form>
    }
    .into_any()
}
