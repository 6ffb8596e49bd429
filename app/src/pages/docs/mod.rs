//! The guides, with this instance's own addresses filled in, and where somebody is signed in, their
//! project's. Read without an account.

mod api;
mod claude_desktop;
mod connections;
mod custom_tools;
mod fill_in;
mod get_started;
pub mod operations;
mod people;
pub mod reader;
mod roles;
mod search;
mod section;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Outlet, hooks::use_location};

pub use api::{GroupPage, group_text};
pub use search::SearchPage;

use self::{
    fill_in::FillIn,
    reader::{Asked, Reader},
};
use super::{in_path, in_query, not_found::NotFound};
use crate::{
    api::docs::reference,
    components::{button::Button, loaded::Loaded},
    ssr::docs::reader,
};

/// A page under `/docs`.
pub struct Guide {
    /// The last part of its address.
    pub word: &'static str,
    pub title: &'static str,
    /// After the title, what one finds there.
    says: &'static str,
    is_wide: bool,
    /// It holds values of the reader's own project.
    is_filled_in: bool,
    /// All but the heading of the page.
    pub text: fn(&Reader) -> AnyView,
}

/// In the order in which one reads them.
pub const GUIDES: [Guide; 8] = [
    Guide {
        word: "get-started",
        title: "Get started in 5 minutes",
        says: "from an empty account to Claude using a tool.",
        is_wide: false,
        is_filled_in: true,
        text: get_started::text,
    },
    Guide {
        word: "custom-tools",
        title: "Custom tools",
        says: "how an endpoint is described, what is sent to it and with which secret, how it knows that a call is ours, and what the model gets.",
        is_wide: false,
        is_filled_in: true,
        text: custom_tools::text,
    },
    Guide {
        word: "claude-desktop",
        title: "Claude Desktop integration",
        says: "connecting, step by step, and what to do when it does not work.",
        is_wide: false,
        is_filled_in: true,
        text: claude_desktop::text,
    },
    Guide {
        word: "connections",
        title: "Connections and secrets",
        says: "who is connected, ending it, rotating a secret, and clients that register themselves.",
        is_wide: false,
        is_filled_in: true,
        text: connections::text,
    },
    Guide {
        word: "people",
        title: "People and sign-in",
        says: "members, ways to sign in and back in, and what whoever runs the instance sets up.",
        is_wide: false,
        is_filled_in: false,
        text: people::text,
    },
    Guide {
        word: "roles",
        title: "Who may do what",
        says: "viewers, developers, admins and owners of a project, and owners of the instance.",
        is_wide: true,
        is_filled_in: false,
        text: roles::text,
    },
    Guide {
        word: "api",
        title: "API reference",
        says: "all that the dashboard does, for programs.",
        is_wide: true,
        is_filled_in: true,
        text: api::text,
    },
    Guide {
        word: "operations",
        title: "Operations",
        says: "running the server: settings, a proxy in front, backup, upgrades, keys and what to watch.",
        is_wide: true,
        is_filled_in: false,
        text: operations::text,
    },
];

#[component]
pub fn DocsLayout() -> impl IntoView {
    let asked = Asked::here();
    let here = use_location().pathname.get_untracked();
    let link = |path: String, title: String| {
        let is_here = here.trim_end_matches('/') == path;
        view! {
            <a href=format!("{path}{}", asked.query()) aria-current=is_here.then_some("page")>
                {title}
            </a>
        }
        .into_any()
    };
    let in_api = here.starts_with("/docs/api");
    let guides = GUIDES
        .iter()
        .map(|guide| {
            let groups = (in_api && guide.word == "api").then(|| api_groups(&link));
            view! {
                {link(format!("/docs/{}", guide.word), guide.title.to_owned())}
                {groups}
            }
        })
        .collect_view();
    view! {
        <div class="docs">
            <div class="docs-side">
                <SearchField asked=asked.clone() />
                <nav class="docs-nav" aria-label="Guides">
                    {link("/docs".to_owned(), "Overview".to_owned())}
                    {guides}
                </nav>
            </div>
            <Outlet />
        </div>
    }
    .into_any()
}

/// The pages below the API reference.
fn api_groups(link: &impl Fn(String, String) -> AnyView) -> AnyView {
    let Ok(reference) = reference() else {
        return ().into_any();
    };
    let links = reference
        .groups
        .iter()
        .map(|group| link(format!("/docs/api/{}", group.word), group.name.clone()))
        .collect::<Vec<_>>();
    view! { <div class="docs-nav-below">{links}</div> }.into_any()
}

/// `/` leads into it (`frontend/src/shortcuts.rs`).
#[component]
fn SearchField(asked: Asked) -> impl IntoView {
    let keep = |name: &'static str, id: Option<String>| {
        id.map(|id| view! { <input type="hidden" name=name value=id /> })
    };
    view! {
        <form role="search" method="get" action="/docs/search" class="docs-search">
            <input
                class="input"
                type="search"
                name="q"
                value=in_query("q").unwrap_or_default()
                placeholder="Search"
                aria-label="Search the docs"
                aria-keyshortcuts="/"
                data-shortcut="/"
                maxlength="200"
                autocomplete="off"
            />
            {keep("project", asked.project)}
            {keep("integration", asked.integration)}
            <Button>
                "Search"
            </Button>
        </form>
    }
    .into_any()
}

#[component]
pub fn GuidePage() -> impl IntoView {
    let word = in_path("guide");
    let Some(guide) = GUIDES.iter().find(|guide| guide.word == word) else {
        return view! { <NotFound /> }.into_any();
    };
    let class = if guide.is_wide {
        "prose prose-wide"
    } else {
        "prose"
    };
    let show = |reader: Reader| {
        let text = (guide.text)(&reader);
        let fill_in = guide.is_filled_in.then(|| view! { <FillIn reader /> });
        view! {
            {fill_in}
            {text}
        }
    };
    view! {
        <Title text=guide.title />
        <article class=class>
            <h1 id="top">{guide.title}</h1>
            <Loaded from=reader(Asked::here()) show />
        </article>
    }
    .into_any()
}

#[component]
pub fn DocsIndex() -> impl IntoView {
    view! {
        <Title text="Docs" />
        <article class="prose">
            <h1>"Guides"</h1>
            <p class="lead">
                "TengineAI turns your HTTP APIs into tools that Claude can call. You describe an endpoint; TengineAI is the MCP server and the OAuth 2.1 server in front of it."
            </p>
            <GuideList />
        </article>
    }
    .into_any()
}

/// What there is to read.
#[component]
fn GuideList() -> impl IntoView {
    let asked = Asked::here().query();
    let guides = GUIDES
        .iter()
        .map(|guide| {
            view! {
                <li>
                    <a href=format!("/docs/{}{asked}", guide.word)>{guide.title}</a>
                    ": "
                    {guide.says}
                </li>
            }
        })
        .collect_view();
    view! { <ul>{guides}</ul> }.into_any()
}
