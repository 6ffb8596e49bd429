//! `/dev/pieces`: every piece in each of its states, in both themes beside each other. For whoever develops
//! the dashboard: elsewhere there is no such page.

mod controls;
mod shown;

use leptos::prelude::*;
use leptos_meta::Title;

use super::not_found::NotFound;
use controls::Controls;
use shown::Shown;

/// Whether this server runs for whoever develops it. The server puts it into the context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsDevelopment(pub bool);

/// Colours by the names that they have in `style/tokens.css`.
const COLOURS: &[(&str, &str)] = &[
    ("bg", "bg-(--bg)"),
    ("surface", "bg-(--surface)"),
    ("sunken", "bg-(--sunken)"),
    ("line", "bg-(--line)"),
    ("line-strong", "bg-(--line-strong)"),
    ("text", "bg-(--text)"),
    ("muted", "bg-(--muted)"),
    ("accent", "bg-(--accent)"),
    ("accent-soft", "bg-(--accent-soft)"),
    ("danger", "bg-(--danger)"),
    ("danger-soft", "bg-(--danger-soft)"),
    ("warn", "bg-(--warn)"),
    ("warn-soft", "bg-(--warn-soft)"),
    ("ok", "bg-(--ok)"),
    ("ok-soft", "bg-(--ok-soft)"),
];

#[component]
pub fn PiecesPage() -> impl IntoView {
    if use_context() != Some(IsDevelopment(true)) {
        return view! { <NotFound /> }.into_any();
    }
    view! {
        <Title text="Pieces" />
        <div class="page-head">
            <div>
                <h1>"Pieces"</h1>
                <p>"What pages are made of, in each state and in both themes."</p>
            </div>
        </div>
        <div class="pieces">
            <InTheme theme="light" />
            <InTheme theme="dark" />
        </div>
    }
    .into_any()
}

#[component]
fn InTheme(theme: &'static str) -> impl IntoView {
    view! {
        <section class="pieces-theme" data-theme=theme aria-label=theme>
            <h2>{theme}</h2>
            <Piece name="Colours">
                <Swatches />
            </Piece>
            <Piece name="Type">
                <p class="text-[length:var(--type-title)]">"Title"</p>
                <p class="text-[length:var(--type-heading)]">"Heading"</p>
                <p>"Body, with " <a href="#">"a link"</a> " and " <code>"code"</code> "."</p>
                <p class="quiet small">"Quiet and small"</p>
            </Piece>
            <Controls theme />
            <Shown theme />
        </section>
    }
    .into_any()
}

#[component]
fn Swatches() -> impl IntoView {
    let all = COLOURS
        .iter()
        .map(|(name, class)| {
            view! {
                <div>
                    <div class=format!("swatch {class}")></div>
                    {*name}
                </div>
            }
        })
        .collect_view();
    view! { <div class="swatches">{all}</div> }.into_any()
}

/// One of them, or one of its states.
#[component]
fn Piece(name: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="piece">
            <h3>{name}</h3>
            {children()}
        </div>
    }
    .into_any()
}
