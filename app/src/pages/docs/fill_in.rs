//! The form by which a reader chooses whose values a guide holds.

use leptos::prelude::*;

use super::reader::Reader;
use crate::components::{button::Button, failure::Failure};

/// Says whose values a guide is filled in with, and lets the reader choose.
#[component]
pub fn FillIn(reader: Reader) -> impl IntoView {
    let Reader {
        is_signed_in,
        projects,
        own,
        refusal,
        ..
    } = reader;
    if !is_signed_in {
        return view! {
            <p class="hint">
                <a href="/sign-in">"Sign in"</a>
                ", and this page holds the addresses and ids of your own project."
            </p>
        }
        .into_any();
    }
    let refusal = refusal.map(|error| view! { <Failure error /> });
    if projects.is_empty() {
        return view! {
            {refusal}
            <p class="hint">
                "Once you have " <a href="/projects">"a project"</a>
                ", this page holds its addresses and ids."
            </p>
        }
        .into_any();
    }
    let (project_id, integrations, integration_id) = match own {
        Some(own) => {
            let integration = own.integration.map(|integration| integration.id);
            (own.id, own.integrations, integration.unwrap_or_default())
        }
        None => <_>::default(),
    };
    view! {
        {refusal}
        <form method="get" class="docs-fill" data-testid="docs-fill">
            <label for="fill-project">"Fill in with"</label>
            <select id="fill-project" name="project" class="input input-small">
                {options("Choose a project", projects, &project_id)}
            </select>
            {(!integrations.is_empty())
                .then(|| {
                    view! {
                        <select
                            name="integration"
                            class="input input-small"
                            aria-label="Integration"
                        >
                            {options("Choose an integration", integrations, &integration_id)}
                        </select>
                    }
                })}
            <Button is_small=true>
                "Fill in"
            </Button>
        </form>
    }
    .into_any()
}

fn options(none: &'static str, all: Vec<(String, String)>, chosen: &str) -> Vec<AnyView> {
    let first = (String::new(), none.to_owned());
    let first = chosen.is_empty().then_some(first);
    first
        .into_iter()
        .chain(all)
        .map(|(id, name)| {
            let is_chosen = id == chosen;
            view! {
                <option value=id selected=is_chosen>
                    {name}
                </option>
            }
            .into_any()
        })
        .collect()
}
