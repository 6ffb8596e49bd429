//! `/docs/search`: where the guides speak of something.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{GuideList, reader::Asked};
use crate::{
    components::loaded::Loaded,
    pages::in_query,
    ssr::docs::{Found, Piece, search},
};

#[component]
pub fn SearchPage() -> impl IntoView {
    let query = in_query("q").unwrap_or_default();
    let shown = query.trim().to_owned();
    let body = match shown.is_empty() {
        true => view! {
            <p class="lead">"Say what you look for: all guides and the API reference are searched."</p>
            <GuideList />
        }
        .into_any(),
        false => view! {
            <Loaded from=search(shown.clone()) show=|found| view! { <Results query=shown found /> } />
        }
        .into_any(),
    };
    view! {
        <Title text="Search the docs" />
        <article class="prose">
            <h1>"Search the docs"</h1>
            {body}
        </article>
    }
    .into_any()
}

#[component]
fn Results(query: String, found: Vec<Found>) -> impl IntoView {
    if found.is_empty() {
        return view! {
            <p class="lead" role="status">
                "Nothing in the guides has all of “" {query} "”."
            </p>
            <p>
                "Try fewer words, or the beginning of one: each word has to be there, and its beginning is enough. Or look through the guides:"
            </p>
            <GuideList />
        }
        .into_any();
    }
    let count = match found.len() {
        1 => "One place has".to_owned(),
        count => format!("{count} places have"),
    };
    let asked = Asked::here().query();
    let results = found
        .into_iter()
        .map(|one| result(one, &asked))
        .collect_view();
    view! {
        <p class="lead" role="status">
            {count} " all of “" {query} "”."
        </p>
        <ol class="docs-results" data-testid="docs-results">
            {results}
        </ol>
    }
    .into_any()
}

fn result(found: Found, asked: &str) -> AnyView {
    let Found {
        word,
        title,
        id,
        heading,
        excerpt,
    } = found;
    let href = match id.is_empty() {
        true => format!("/docs/{word}{asked}"),
        false => format!("/docs/{word}{asked}#{id}"),
    };
    view! {
        <li>
            <a href=href>{pieces(heading)}</a>
            <span class="hint">{title.to_string()}</span>
            <p>{pieces(excerpt)}</p>
        </li>
    }
    .into_any()
}

fn pieces(pieces: Vec<Piece>) -> Vec<AnyView> {
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.into_any(),
            Piece::Word(word) => view! { <mark>{word}</mark> }.into_any(),
        })
        .collect()
}
