//! `/search?q=`: where one can go. The command palette finds the same while somebody types, from the list
//! that [`found`] makes.

use leptos::{prelude::*, reactive::owner::Owner};
use leptos_meta::Title;

use super::in_query;
use crate::{
    api::UiError,
    components::{button::Button, loaded::Loaded},
    ssr::{
        self,
        search::{self, Place, Places, Wanted},
    },
};

#[component]
pub fn SearchPage() -> impl IntoView {
    let text = in_query("q").unwrap_or_default();
    let project = search::project_of_page();
    let wanted = Wanted {
        text: text.clone(),
        project: project.clone(),
    };
    view! {
        <Title text="Search" />
        <div class="stack">
            <h1>"Search"</h1>
            <form role="search" class="search" action="/search">
                <input
                    class="input"
                    type="search"
                    name="q"
                    value=text
                    placeholder="A page, a tool, a guide…"
                    aria-label="What to look for"
                    data-shortcut="/"
                />
                {project.map(|id| view! { <input type="hidden" name="project" value=id /> })}
                <Button>
                    "Search"
                </Button>
            </form>
            <Loaded from=find(wanted) show=|found| view! { <Found found /> } />
        </div>
    }
    .into_any()
}

async fn find(wanted: Wanted) -> Result<Vec<Places>, UiError> {
    let reader = ssr::signed_in().await?;
    Ok(search::find(&ssr::services(), reader.as_ref(), &wanted).await?)
}

#[component]
fn Found(found: Vec<Places>) -> impl IntoView {
    if found.is_empty() {
        return view! { <p class="quiet">"Nothing is called that. Try fewer words."</p> }
            .into_any();
    }
    found
        .into_iter()
        .map(|group| {
            let rows = group
                .places
                .into_iter()
                .map(|Place { title, about, href }| {
                    view! {
                        <li class="row">
                            <div class="row-main row-title">
                                <a href=href>{title}</a>
                                <span class="quiet small">{about}</span>
                            </div>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <section class="stack-tight">
                    <h2>{group.name}</h2>
                    <ul class="rows">{rows}</ul>
                </section>
            }
        })
        .collect_view()
        .into_any()
}

/// What stands in the palette's list, as HTML: options of its combobox (WAI-ARIA APG, "Combobox").
#[must_use]
pub fn found(found: Vec<Places>) -> String {
    Owner::new().with(|| view! { <Options found /> }.to_html())
}

#[component]
fn Options(found: Vec<Places>) -> impl IntoView {
    if found.is_empty() {
        return view! { <p class="quiet">"Nothing is called that."</p> }.into_any();
    }
    let mut number = 0;
    let mut option = move |Place { title, about, href }: Place| {
        number += 1;
        view! {
            <a
                id=format!("place-{number}")
                class="place"
                role="option"
                aria-selected="false"
                tabindex="-1"
                href=href
            >
                <span>{title}</span>
                <span class="place-about">{about}</span>
            </a>
        }
    };
    let groups = found.into_iter().enumerate().map(|(at, group)| {
        let head = format!("places-{at}");
        let options = group.places.into_iter().map(&mut option).collect_view();
        view! {
            <div role="group" aria-labelledby=head.clone()>
                <div id=head.clone() class="places-head" role="presentation">
                    {group.name}
                </div>
                {options}
            </div>
        }
    });
    groups.collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_called_a_tool_is_text() {
        let html = found(vec![Places {
            name: "Tools",
            places: vec![Place {
                title: "<img src=x onerror=alert(1)>".to_owned(),
                about: "a & b".to_owned(),
                href: "/projects/p/tools/\"t".to_owned(),
            }],
        }]);
        assert!(!html.contains("<img"), "{html}");
        assert!(html.contains("a &amp; b"), "{html}");
        assert!(html.contains("&quot;t"), "{html}");
        assert!(html.contains("id=\"place-1\""), "{html}");
    }
}
