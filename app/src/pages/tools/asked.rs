//! Which of the tools a page of the list shows: what its address says.

use leptos::prelude::*;
use leptos_router::location::Url;

use crate::{
    api::tools::{ROWS, ToolFilter},
    components::pagination::Pagination,
    pages::in_query,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The list's path.
    list: String,
    pub filter: ToolFilter,
    /// With what takes the server a while.
    pub with_report: bool,
}

impl Asked {
    /// All tools of a project.
    pub fn all(project_id: &str) -> Self {
        Self {
            list: format!("/projects/{project_id}/tools"),
            filter: ToolFilter::default(),
            with_report: false,
        }
    }

    pub fn in_query(project_id: &str) -> Self {
        let page = in_query("page").and_then(|page| page.parse().ok());
        Self {
            filter: ToolFilter {
                text: in_query("text").unwrap_or_default().trim().to_owned(),
                state: in_query("state").unwrap_or_default(),
                page: page.unwrap_or(1),
            },
            with_report: in_query("report").is_some(),
            ..Self::all(project_id)
        }
    }

    pub fn with_report(&self) -> Self {
        Self {
            with_report: true,
            ..self.clone()
        }
    }

    fn page(&self, page: usize) -> Self {
        Self {
            filter: ToolFilter {
                page,
                ..self.filter.clone()
            },
            ..self.clone()
        }
    }

    /// The page that shows these. Whole, since a form's answer stands at another path.
    pub fn link(&self) -> String {
        let ToolFilter { text, state, page } = &self.filter;
        let mut parts = Vec::new();
        if !text.is_empty() {
            parts.push(format!("text={}", Url::escape(text)));
        }
        if !state.is_empty() {
            parts.push(format!("state={}", Url::escape(state)));
        }
        if *page > 1 {
            parts.push(format!("page={page}"));
        }
        if self.with_report {
            parts.push("report=1".to_owned());
        }
        if parts.is_empty() {
            self.list.clone()
        } else {
            format!("{}?{}", self.list, parts.join("&"))
        }
    }
}

const STATES: &[(&str, &str)] = &[
    ("", "All"),
    ("enabled", "Enabled"),
    ("disabled", "Disabled"),
];

#[component]
pub fn Search(asked: Asked) -> impl IntoView {
    let Asked { list, filter, .. } = asked;
    let ToolFilter { text, state, .. } = filter;
    let states = STATES
        .iter()
        .map(|(value, text)| {
            view! {
                <option value=*value selected=*value == state>
                    {*text}
                </option>
            }
        })
        .collect_view();
    view! {
        <form role="search" class="search" action=list>
            <input
                class="input"
                type="search"
                name="text"
                value=text
                placeholder="Name, title or address"
                aria-label="Search the tools"
                data-shortcut="/"
            />
            <select class="input input-small" name="state" aria-label="Which tools">
                {states}
            </select>
            <button type="submit" class="btn">
                "Search"
            </button>
        </form>
    }
    .into_any()
}

/// The way to the pages before and after this one.
#[component]
pub fn Pages(asked: Asked, found: usize, page: usize) -> impl IntoView {
    if found <= ROWS {
        return ().into_any();
    }
    let (first, last) = ((page - 1) * ROWS + 1, found.min(page * ROWS));
    let before = (page > 1).then(|| asked.page(page - 1).link());
    let after = (last < found).then(|| asked.page(page + 1).link());
    view! { <Pagination place=format!("{first} to {last} of {found}") before after /> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_differs_from_the_whole_list() {
        assert_eq!(Asked::all("p").link(), "/projects/p/tools");
        let asked = Asked {
            filter: ToolFilter {
                text: "crm & co".to_owned(),
                state: "disabled".to_owned(),
                page: 1,
            },
            ..Asked::all("p")
        };
        assert_eq!(
            asked.page(3).with_report().link(),
            "/projects/p/tools?text=crm%20%26%20co&state=disabled&page=3&report=1"
        );
    }
}
