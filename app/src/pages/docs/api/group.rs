//! `/docs/api/tools` and the like: the operations on one noun, and what they take and answer.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{
    PATH,
    operation::{object, operation},
};
use crate::{
    api::docs::{Group, Reference, reference},
    components::{failure::Failure, loaded::Loaded},
    pages::{
        docs::{
            fill_in::FillIn,
            reader::{Asked, Reader},
        },
        in_path,
        not_found::NotFound,
    },
    ssr::docs::reader,
};

#[component]
pub fn GroupPage() -> impl IntoView {
    let reference = match reference() {
        Ok(reference) => reference,
        Err(error) => return view! { <Failure error /> }.into_any(),
    };
    let word = in_path("group");
    let Some(at) = reference.groups.iter().position(|one| one.word == word) else {
        return view! { <NotFound /> }.into_any();
    };
    let name = reference.groups[at].name.clone();
    let show = move |reader: Reader| {
        let group = &reference.groups[at];
        let text = text(group, &reference, &reader);
        let neighbours = neighbours(&reference, at, &reader);
        view! {
            <FillIn reader />
            {text}
            {neighbours}
        }
    };
    view! {
        <Title text=format!("{name}, API reference") />
        <article class="prose prose-wide">
            <nav class="crumbs" aria-label="Where you are">
                <a href=format!("{PATH}{}", Asked::here().query())>"API reference"</a>
            </nav>
            <h1 id="top">{name}</h1>
            <Loaded from=reader(Asked::here()) show />
        </article>
    }
    .into_any()
}

/// All but the heading of a group's page.
pub fn text(group: &Group, reference: &Reference, reader: &Reader) -> AnyView {
    let operations = group
        .operations
        .iter()
        .map(|one| operation(one, group, reference, reader))
        .collect::<Vec<_>>();
    let objects = (!group.objects.is_empty()).then(|| {
        let objects = group
            .objects
            .iter()
            .map(|one| object(one, group, reference, reader))
            .collect::<Vec<_>>();
        view! {
            <h2 id="objects">"Objects"</h2>
            <p>"What answers and bodies are made of."</p>
            {objects}
        }
    });
    view! {
        {contents(group)}
        {operations}
        {objects}
    }
    .into_any()
}

fn contents(group: &Group) -> AnyView {
    let operations = group
        .operations
        .iter()
        .map(|one| {
            view! {
                <li>
                    <a href=format!("#{}", one.id)>
                        <code>{format!("{} {}", one.method, one.path)}</code>
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let objects = (!group.objects.is_empty()).then(|| {
        view! {
            <li>
                <a href="#objects">"Objects"</a>
            </li>
        }
    });
    view! {
        <nav aria-label="On this page">
            <ul>{operations} {objects}</ul>
        </nav>
    }
    .into_any()
}

/// The ways to the pages before and after this one.
fn neighbours(reference: &Reference, at: usize, reader: &Reader) -> AnyView {
    let query = reader.asked.query();
    let page = |at: usize| {
        let group = reference.groups.get(at)?;
        let href = format!("{PATH}/{}{query}", group.word);
        Some((group.name.clone(), href))
    };
    let (before, to) = at
        .checked_sub(1)
        .and_then(page)
        .unwrap_or_else(|| ("Introduction".to_owned(), format!("{PATH}{query}")));
    let after = page(at + 1).map(|(name, href)| {
        view! {
            <a rel="next" href=href>
                {name}
                <span aria-hidden="true">" →"</span>
            </a>
        }
    });
    view! {
        <nav class="neighbours" aria-label="Before and after">
            <a rel="prev" href=to>
                <span aria-hidden="true">"← "</span>
                {before}
            </a>
            {after}
        </nav>
    }
    .into_any()
}
